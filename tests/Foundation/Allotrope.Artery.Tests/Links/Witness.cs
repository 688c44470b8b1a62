using System.Buffers;
using System.Threading.Channels;

namespace Allotrope.Artery.Tests;

/// <summary>A receiver that writes down what it is told, for a test to await.</summary>
sealed class Witness : ILinkReceiver
{
    readonly Channel<string> _told = Channel.CreateUnbounded<string>();

    public List<(long Sequence, bool Dropped)> Passed { get; } = [];

    public Action<ArteryLink, IBufferWriter<byte>>? Heartbeat { get; set; }

    /// <summary>Called with each intent before it is written down.</summary>
    public Action<string>? Before { get; set; }

    public Action<ArteryLink>? Opened { get; set; }

    public int Batches { get; private set; }

    public void OnOpened(ArteryLink link) => Opened?.Invoke(link);

    public void OnIntents(ArteryLink link, ref IntentBatchReader batch)
    {
        Batches++;
        while (batch.TryRead(out var intent))
        {
            var line = $"{intent.Name} {intent.Origin.Name} {intent.Sequence}";
            Before?.Invoke(line);
            _told.Writer.TryWrite(line);
        }
    }

    public void OnHeartbeat(ArteryLink link, ReadOnlySpan<byte> content) => Tell("heartbeat", content);

    public void OnState(ArteryLink link, ReadOnlySpan<byte> content) => Tell("state", content);

    public void OnInvoke(ArteryLink link, ReadOnlySpan<byte> content) => Tell("invoke", content);

    public void OnControl(ArteryLink link, ControlType type, ReadOnlySpan<byte> content) => Tell(type.ToString(), content);

    public void OnResource(ArteryLink link, ReadOnlySpan<byte> piece, bool more) =>
        _told.Writer.TryWrite($"resource {piece.Length} {(more ? "more" : "end")}");

    public void WriteHeartbeat(ArteryLink link, IBufferWriter<byte> output) => Heartbeat?.Invoke(link, output);

    public void OnPassed(ArteryLink link, Origin origin, long sequence, bool dropped) => Passed.Add((sequence, dropped));

    public void OnClosed(ArteryLink link, CloseCode code, string text) => _told.Writer.TryWrite($"closed {(int)code}");

    /// <summary>The next thing told.</summary>
    public async Task<string> NextAsync() => await _told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public bool TryNext(out string? told) => _told.Reader.TryRead(out told);

    void Tell(string what, ReadOnlySpan<byte> content) =>
        _told.Writer.TryWrite(content.Length <= 16 ? $"{what} {Convert.ToHexStringLower(content)}" : $"{what} {content.Length} bytes");
}
