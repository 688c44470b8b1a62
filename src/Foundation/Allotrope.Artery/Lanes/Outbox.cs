namespace Allotrope.Artery;

/// <summary>
/// What one link has waiting to be sent, by lane, and the making of frames from it. Senders add from any thread; one thread at a time takes.
/// </summary>
sealed class Outbox : IDisposable
{
    readonly Lock _gate = new();
    readonly ArteryLink _link;
    readonly IntentQueue _intents;
    readonly IntentWriteTables _tables = new();
    readonly ContentQueue[] _contents = [new(), new(), new(), new()];
    readonly Cut?[] _cuts = new Cut?[Lane.Count];
    readonly FrameBuffer _content = new();
    bool _heartbeat;
    bool _closed;
    long _sequence;

    public Outbox(ArteryLink link, LinkOptions options, ILinkReceiver receiver)
    {
        _link = link;
        _intents = new IntentQueue(options, (origin, sequence, dropped) => receiver.OnPassed(link, origin, sequence, dropped));
    }

    public FrameSeal? Seal { get; set; }

    public int Waiting
    {
        get
        {
            lock (_gate)
                return _intents.Intents;
        }
    }

    /// <summary>Adds an intent.</summary>
    public Added Add(in Intent intent)
    {
        lock (_gate)
            return _closed ? Added.Closed : _intents.TryAdd(intent) ? Added.Yes : Added.Full;
    }

    /// <summary>Adds any other content, which is copied.</summary>
    public Added Add(FrameKind kind, ReadOnlySpan<byte> content, bool open = false)
    {
        var lane = Lane.Of(kind);
        lock (_gate)
        {
            if (_closed)
                return Added.Closed;
            var added = lane == Lane.Intents ? _intents.TryAdd(kind, content) : _contents[lane].TryAdd(new Content(kind, content.ToArray(), open));
            return added ? Added.Yes : Added.Full;
        }
    }

    /// <summary>Asks for a heartbeat to be made when its turn comes.</summary>
    /// <returns>False when one is waiting already.</returns>
    public bool AddHeartbeat()
    {
        lock (_gate)
        {
            if (_heartbeat || _closed)
                return false;
            return _heartbeat = true;
        }
    }

    /// <summary>Makes the next frame of a lane.</summary>
    /// <returns>False when nothing waits in it.</returns>
    public bool TryTake(int lane, FrameBuffer frame)
    {
        if (_cuts[lane] is { } cut)
            return WriteCut(frame, lane, cut);
        if (lane == Lane.Heartbeat && TakeHeartbeat())
        {
            // Made outside the lock: what is dropped meanwhile may stand in this beat or in the next, and both are true
            _content.Clear();
            _link.Receiver.WriteHeartbeat(_link, _content);
            return WriteContent(frame, lane, new Content(FrameKind.Heartbeat, _content.Written));
        }

        return lane == Lane.Intents ? TryTakeIntents(frame) : TryTakeContent(frame, lane);
    }

    /// <summary>Drops what waits in the higher lanes and takes no more, but for a farewell behind what waits in the lowest.</summary>
    public void Close(ReadOnlySpan<byte> farewell)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            _heartbeat = false;
            _intents.Clear();
            _contents[Lane.Heartbeat].Clear();
            _contents[Lane.Resource].Clear();
            if (!farewell.IsEmpty)
                _contents[Lane.Control].TryAdd(new Content(FrameKind.Control, farewell.ToArray()));
        }
    }

    public void Dispose() => _content.Dispose();

    bool TakeHeartbeat()
    {
        lock (_gate)
            return _heartbeat && !(_heartbeat = false);
    }

    bool TryTakeContent(FrameBuffer frame, int lane)
    {
        Content content;
        lock (_gate)
        {
            if (_contents[lane].IsEmpty)
                return false;
            content = _contents[lane].Take();
        }

        return WriteContent(frame, lane, content);
    }

    bool TryTakeIntents(FrameBuffer frame)
    {
        FrameKind kind;
        var header = 0;
        lock (_gate)
        {
            if (_intents.IsEmpty)
                return false;
            kind = _intents.First;
            if (kind == FrameKind.Intents)
            {
                header = Begin(frame, kind, FrameFlags.None, open: false);
                _intents.WriteBatch(frame, _tables);
            }
            else
            {
                _content.Clear();
                _intents.TakeContent(_content);
            }
        }

        // Sealing takes longer than gathering, and senders need not wait for it
        if (kind != FrameKind.Intents)
            return WriteContent(frame, Lane.Intents, new Content(kind, _content.Written));
        End(frame, header);
        return true;
    }

    bool WriteContent(FrameBuffer frame, int lane, in Content content)
    {
        var piece = content.Kind == FrameKind.Resource ? ArteryLimits.ResourcePieceBytes : ArteryLimits.PieceBytes;
        if (content.Bytes.Length <= piece)
        {
            Write(frame, content.Kind, FrameFlags.None, content.Bytes.Span, content.Open);
            return true;
        }

        // The pieces may wait for lower lanes, whose contents are made in the same buffer
        return WriteCut(frame, lane, _cuts[lane] = new Cut(content.Kind, content.Bytes.ToArray(), piece));
    }

    bool WriteCut(FrameBuffer frame, int lane, Cut cut)
    {
        var piece = cut.Next(out var more);
        Write(frame, cut.Kind, more ? FrameFlags.More : FrameFlags.None, piece, open: false);
        if (!more)
            _cuts[lane] = null;
        return true;
    }

    void Write(FrameBuffer frame, FrameKind kind, FrameFlags flags, ReadOnlySpan<byte> payload, bool open)
    {
        var header = Begin(frame, kind, flags, open);
        frame.Write(payload);
        End(frame, header, open);
    }

    int Begin(FrameBuffer frame, FrameKind kind, FrameFlags flags, bool open)
    {
        frame.Clear();
        if (Seal is not null && !open)
            flags |= FrameFlags.Sealed;
        frame.Advance(new FrameHeader(kind, flags, _link.Number, _sequence).Write(frame.GetSpan(FrameHeader.MaxBytes)));
        return frame.Length;
    }

    void End(FrameBuffer frame, int header, bool open = false)
    {
        if (Seal is { } seal && !open)
        {
            frame.GetSpan(FrameSeal.TagBytes);
            frame.Advance(FrameSeal.TagBytes);
            var bytes = frame.Bytes;
            seal.Seal(bytes[..header], _sequence, bytes[header..^FrameSeal.TagBytes], bytes[^FrameSeal.TagBytes..]);
        }

        _sequence++;
    }

    /// <summary>A large content on its way in pieces.</summary>
    sealed class Cut(FrameKind kind, byte[] bytes, int piece)
    {
        int _at;

        public FrameKind Kind => kind;

        public ReadOnlySpan<byte> Next(out bool more)
        {
            var next = bytes.AsSpan(_at, Math.Min(piece, bytes.Length - _at));
            _at += next.Length;
            more = _at < bytes.Length;
            return next;
        }
    }
}

/// <summary>What came of adding to an outbox.</summary>
enum Added
{
    Yes,
    Full,
    Closed,
}
