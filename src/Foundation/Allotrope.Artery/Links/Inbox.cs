namespace Allotrope.Artery;

/// <summary>What arrives on one link: numbers checked, seals opened, pieces put together. One frame at a time.</summary>
sealed class Inbox : IDisposable
{
    readonly FrameBuffer _opened = new();
    readonly FrameBuffer?[] _pieces = new FrameBuffer?[(int)FrameKind.Invoke + 1];
    long _expected;

    public IntentReadTables Tables { get; } = new();

    public FrameSeal? Seal { get; set; }

    /// <summary>Checks a frame's number and opens its seal.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="payload">What follows its header.</param>
    /// <returns>The payload in the clear, valid until the next frame.</returns>
    public ReadOnlySpan<byte> Open(FrameHeader header, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> payload)
    {
        if (header.Sequence != _expected)
            throw new ArteryException(CloseCode.SequenceBroken, $"Frame {header.Sequence} came where {_expected} was expected.");
        _expected++;
        var isSealed = (header.Flags & FrameFlags.Sealed) != FrameFlags.None;
        if (isSealed != Seal is not null)
            throw new ArteryException(
                CloseCode.NotAuthenticated, isSealed ? "A sealed frame came on an open link." : "An open frame came on a sealed link.");
        if (Seal is null)
            return payload;
        _opened.Clear();
        Seal.Open(frame[..^payload.Length], header.Sequence, payload, _opened);
        return _opened.WrittenSpan;
    }

    /// <summary>Puts a content together.</summary>
    /// <returns>False until its last piece is here.</returns>
    public bool TryComplete(in FrameHeader header, ref ReadOnlySpan<byte> payload)
    {
        var more = (header.Flags & FrameFlags.More) != FrameFlags.None;
        ref var pieces = ref _pieces[(int)header.Kind];
        if (!more && pieces is not { Length: > 0 })
            return true;
        pieces ??= new FrameBuffer();
        if (pieces.Length + payload.Length > ArteryLimits.ContentBytes)
            throw new ArteryException(CloseCode.TooLarge, $"A content in pieces has more than {ArteryLimits.ContentBytes} bytes.");
        if (more && payload.IsEmpty)
            throw ArteryException.Malformed("A piece is empty.");
        pieces.Write(payload);
        payload = pieces.WrittenSpan;
        return !more;
    }

    /// <summary>The content that was complete has been read.</summary>
    public void Done(FrameKind kind) => _pieces[(int)kind]?.Clear();

    public void Dispose()
    {
        _opened.Dispose();
        foreach (var pieces in _pieces)
            pieces?.Dispose();
        Seal?.Dispose();
    }
}
