using System.Buffers;

namespace Allotrope.Artery;

/// <summary>Control READY: what the core tells a service after the handshake.</summary>
/// <param name="Receive">Names, or prefixes ending in <c>*</c>, of the intents it will be sent; empty for all.</param>
/// <param name="Emit">The same for what it may say; empty for all.</param>
/// <param name="Ordered">The same for those whose handlers must not overlap.</param>
/// <param name="Queue">Intents that the core keeps waiting for it at most.</param>
public sealed record ReadyMessage(
    TimeSpan Heartbeat, IReadOnlyList<string> Receive, IReadOnlyList<string> Emit, IReadOnlyList<string> Ordered, int Queue)
{
    const int MaxPatterns = 4096;

    public void Write(IBufferWriter<byte> output)
    {
        var cbor = new CborWriter(output);
        cbor.Array(5);
        cbor.Integer((long)Heartbeat.TotalMilliseconds);
        WriteList(cbor, Receive);
        WriteList(cbor, Emit);
        WriteList(cbor, Ordered);
        cbor.Integer(Queue);
    }

    /// <exception cref="ArteryException">It is malformed.</exception>
    public static ReadyMessage Read(ReadOnlySpan<byte> content)
    {
        var cbor = new CborReader(content);
        cbor.ReadArray(5);
        var message = new ReadyMessage(
            TimeSpan.FromMilliseconds(cbor.ReadCount(int.MaxValue)), ReadList(ref cbor), ReadList(ref cbor), ReadList(ref cbor),
            (int)cbor.ReadCount(int.MaxValue));
        cbor.ExpectEnd();
        return message;
    }

    static void WriteList(CborWriter cbor, IReadOnlyList<string> patterns)
    {
        cbor.Array(patterns.Count);
        foreach (var pattern in patterns)
            cbor.Text(pattern);
    }

    static string[] ReadList(ref CborReader cbor)
    {
        var count = cbor.ReadArray();
        if (count > MaxPatterns)
            throw ArteryException.Malformed($"READY has {count} patterns; at most {MaxPatterns} are read.");
        var patterns = new string[count];
        for (var i = 0; i < count; i++)
            patterns[i] = cbor.ReadText(ArteryLimits.NameBytes + 1);
        return patterns;
    }
}
