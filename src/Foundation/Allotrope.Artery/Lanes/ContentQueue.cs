namespace Allotrope.Artery;

/// <summary>What waits in a lane that carries no intents, first in first out, bounded. Not thread-safe.</summary>
sealed class ContentQueue
{
    readonly Queue<Content> _waiting = [];
    int _bytes;

    public bool IsEmpty => _waiting.Count == 0;

    /// <returns>False when too much waits already.</returns>
    public bool TryAdd(in Content content)
    {
        if (_waiting.Count == ArteryLimits.LaneContents || (_waiting.Count > 0 && _bytes + content.Bytes.Length > ArteryLimits.LaneBytes))
            return false;
        _waiting.Enqueue(content);
        _bytes += content.Bytes.Length;
        return true;
    }

    public Content Take()
    {
        var content = _waiting.Dequeue();
        _bytes -= content.Bytes.Length;
        return content;
    }

    public void Clear()
    {
        _waiting.Clear();
        _bytes = 0;
    }
}

/// <summary>A content that waits: its bytes; <paramref name="Open"/> for the handshake's messages, which are never sealed.</summary>
readonly record struct Content(FrameKind Kind, ReadOnlyMemory<byte> Bytes, bool Open = false);
