using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

/// <summary>A dialler that keeps to the protocol only as far as a test wants, against a real acceptor.</summary>
sealed class RawPeer : IAsyncDisposable
{
    readonly MemoryTransport _wire;
    readonly DiallerHandshake _handshake;

    public RawPeer(bool isSealed = false, TimeProvider? time = null)
    {
        (_wire, var b) = MemoryTransport.CreatePair();
        _handshake = new DiallerHandshake(Pair.Offer(isSealed), new SeededRandom(1));
        Accepting = ArteryLink.AcceptAsync(b, _ => Pair.Answer(Witness), time ?? TimeProvider.System, new SeededRandom(2), default);
    }

    public Witness Witness { get; } = new();

    public Task<ArteryLink> Accepting { get; }

    public byte[] Hello => _handshake.Hello;

    public FrameSeals? Seals { get; private set; }

    /// <summary>Does the whole handshake; the next frame is number 2.</summary>
    public async Task ShakeAsync()
    {
        await SendAsync(FrameKind.Control, 0, Hello);
        await SendAsync(FrameKind.Control, 1, Answer(await ReceiveAsync()));
        await Accepting;
    }

    public byte[] Answer(byte[] challengeFrame)
    {
        ReadOnlySpan<byte> payload = challengeFrame;
        FrameHeader.Read(ref payload);
        (var proof, _, Seals) = _handshake.Answer(payload);
        return proof;
    }

    public Task SendAsync(FrameKind kind, long sequence, byte[] payload, FrameFlags flags = FrameFlags.None, int link = 0)
    {
        var header = new byte[FrameHeader.MaxBytes];
        var length = new FrameHeader(kind, flags, link, sequence).Write(header);
        return SendAsync([.. header.AsSpan(0, length), .. payload]);
    }

    public async Task SendAsync(byte[] frame) => await _wire.SendAsync(frame, default);

    public async Task<byte[]> ReceiveAsync() => (await _wire.ReceiveAsync(ArteryLimits.FrameBytes, default)).Bytes.ToArray();

    /// <summary>What the acceptor closes with; says farewell too.</summary>
    public async Task<CloseCode> ClosedAsync()
    {
        ReceivedFrame frame;
        do
            frame = await _wire.ReceiveAsync(ArteryLimits.FrameBytes, default).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        while (frame.Closed is null);
        await _wire.CloseAsync(frame.Closed.Value, "", default);
        return frame.Closed.Value;
    }

    public ValueTask DisposeAsync()
    {
        Seals?.Dispose();
        return _wire.DisposeAsync();
    }
}
