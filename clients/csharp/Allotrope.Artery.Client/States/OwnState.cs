namespace Allotrope.Artery.Client;

/// <summary>This service's own state: the whole goes out when the core asks for it, and what changes after that.</summary>
/// <param name="version">Above every version of an earlier life, since the newest wins.</param>
sealed class OwnState(long version)
{
    readonly Lock _gate = new();
    Dictionary<string, ReadOnlyMemory<byte>> _state = [];
    ArteryLink? _told;
    bool _lost;
    long _version = version;

    /// <exception cref="ArgumentException">A key or value cannot be carried, or the state would be too large.</exception>
    public void Change(string key, ArteryData value)
    {
        ArteryNames.Check(nameof(key), key);
        if (!StateMap.IsPrimitive(value.Whole.Span))
            throw new ArgumentException("State carries no bytes; write them as text.", nameof(value));
        lock (_gate)
        {
            var next = new Dictionary<string, ReadOnlyMemory<byte>>(_state);
            if (value.IsNull)
                next.Remove(key);
            else
                next[key] = value.Whole;
            using var content = new FrameBuffer();
            StateMap.Write(new CborWriter(content), next);
            if (content.Length > ArteryLimits.StateBytes)
                throw new ArgumentException($"The state would have {content.Length} bytes; at most {ArteryLimits.StateBytes} are allowed.", nameof(value));
            _state = next;
            _version++;
            Send(_told, new StateReport(_version, false, new Dictionary<string, ReadOnlyMemory<byte>> { [key] = value.Whole }, null));
        }
    }

    public void Tell(ArteryLink link, KnownStreams known)
    {
        lock (_gate)
        {
            _told = link;
            Send(link, new StateReport(_version, true, _state, known));
        }
    }

    /// <summary>Tells the whole again if a link whose lane was full has not taken a change.</summary>
    public void TellLost(ArteryLink link)
    {
        lock (_gate)
            if (_lost && _told == link)
                Send(link, new StateReport(_version, true, _state, null));
    }

    void Send(ArteryLink? link, StateReport report)
    {
        using var content = new FrameBuffer();
        report.Write(content);
        _lost = link is not null && !link.TrySend(FrameKind.State, content.WrittenSpan);
    }
}
