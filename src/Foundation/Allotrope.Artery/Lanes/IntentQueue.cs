using System.Numerics;
using System.Runtime.InteropServices;

namespace Allotrope.Artery;

/// <summary>
/// What waits in lane 2 of a link, first in first out: intents, bounded with a policy, and between them state and invocations in their places.
/// A doubly linked list in one array, so that a coalesced intent leaves from the middle; slots and their data arrays are used again. Not thread-safe.
/// </summary>
sealed class IntentQueue(LinkOptions options, Action<Origin, long, bool> passed)
{
    const int None = -1;

    readonly Dictionary<(string Name, Origin Origin), int> _newest = [];
    Slot[] _slots = [];
    int _used;
    int _free = None;
    int _head = None;
    int _tail = None;
    int _intentBytes;
    int _contentBytes;
    int _contents;

    // From when the queue was full until it has run empty: only then is the price of the index paid
    bool _coalescing;

    public int Intents { get; private set; }

    public bool IsEmpty => _head == None;

    /// <summary>Adds an intent; others may be dropped for it.</summary>
    /// <returns>False when it is full and its policy is to sever.</returns>
    public bool TryAdd(in Intent intent)
    {
        if (_coalescing && _newest.TryGetValue((intent.Name, intent.Origin), out var older))
            Drop(older);
        while (Intents >= options.Queue || (Intents > 0 && _intentBytes + intent.Data.Length > options.QueueBytes))
        {
            if (options.Policy == QueuePolicy.Sever)
                return false;
            if (options.Policy == QueuePolicy.DropOldest || _coalescing)
                Drop(OldestIntent());
            else
                Coalesce(intent);
        }

        var at = Append(FrameKind.Intents, intent.Data);
        ref var slot = ref _slots[at];
        slot.Name = intent.Name;
        slot.Origin = intent.Origin;
        slot.Sequence = intent.Sequence;
        slot.Time = intent.Time;
        slot.Ack = intent.Ack;
        Intents++;
        _intentBytes += intent.Data.Length;
        if (_coalescing)
            _newest[(intent.Name, intent.Origin)] = at;
        return true;
    }

    /// <summary>Adds state or an invocation.</summary>
    /// <returns>False when too much of it waits already.</returns>
    public bool TryAdd(FrameKind kind, ReadOnlySpan<byte> content)
    {
        if (_contents == ArteryLimits.LaneContents || (_contents > 0 && _contentBytes + content.Length > ArteryLimits.LaneBytes))
            return false;
        Append(kind, content);
        _contents++;
        _contentBytes += content.Length;
        return true;
    }

    /// <summary>The kind of what is first; the queue is not empty.</summary>
    public FrameKind First => _slots[_head].Kind;

    /// <summary>Writes the intents that are first, up to the next content that is none, as one batch.</summary>
    public void WriteBatch(FrameBuffer output, IntentWriteTables tables)
    {
        var start = output.Length;
        var batch = new IntentBatchWriter(output, tables, _slots[_head].Time);
        while (_head != None && First == FrameKind.Intents)
        {
            ref var slot = ref _slots[_head];
            // The first goes out whatever its size; it fits a frame
            if (output.Length - start + slot.Length > ArteryLimits.BatchBytes && output.Length - start > Varint.MaxBytes)
                break;
            batch.Write(new Intent(slot.Name!, slot.Origin!, slot.Sequence, slot.Time, slot.Data.AsSpan(0, slot.Length), slot.Ack));
            RemoveIntent(_head, dropped: false);
        }

        if (IsEmpty && _coalescing)
        {
            _coalescing = false;
            _newest.Clear();
        }
    }

    /// <summary>Takes the content that is first and no intent.</summary>
    public void TakeContent(FrameBuffer output)
    {
        output.Write(_slots[_head].Data.AsSpan(0, _slots[_head].Length));
        _contents--;
        _contentBytes -= _slots[_head].Length;
        Remove(_head);
    }

    /// <summary>Drops all that waits.</summary>
    public void Clear()
    {
        while (_head != None)
        {
            if (First == FrameKind.Intents)
                Drop(_head);
            else
                Remove(_head);
        }
    }

    void Coalesce(in Intent next)
    {
        _coalescing = true;
        for (var at = _head; at != None;)
        {
            ref var slot = ref _slots[at];
            var following = slot.Next;
            if (slot.Kind == FrameKind.Intents)
            {
                ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, (slot.Name!, slot.Origin!), out var older);
                if (older)
                    RemoveIntent(newest, dropped: true);
                newest = at;
            }

            at = following;
        }

        if (_newest.TryGetValue((next.Name, next.Origin), out var replaced))
            Drop(replaced);
    }

    int OldestIntent()
    {
        var at = _head;
        while (_slots[at].Kind != FrameKind.Intents)
            at = _slots[at].Next;
        return at;
    }

    void Drop(int at)
    {
        if (_coalescing && _newest.TryGetValue((_slots[at].Name!, _slots[at].Origin!), out var newest) && newest == at)
            _newest.Remove((_slots[at].Name!, _slots[at].Origin!));
        RemoveIntent(at, dropped: true);
    }

    void RemoveIntent(int at, bool dropped)
    {
        ref var slot = ref _slots[at];
        var (origin, sequence) = (slot.Origin!, slot.Sequence);
        if (_coalescing && !dropped && _newest.TryGetValue((slot.Name!, origin), out var newest) && newest == at)
            _newest.Remove((slot.Name!, origin));
        Intents--;
        _intentBytes -= slot.Length;
        Remove(at);
        passed(origin, sequence, dropped);
    }

    int Append(FrameKind kind, ReadOnlySpan<byte> data)
    {
        var at = _free;
        if (at != None)
            _free = _slots[at].Next;
        else
        {
            if (_used == _slots.Length)
                Array.Resize(ref _slots, Math.Max(16, _used * 2));
            at = _used++;
        }

        ref var slot = ref _slots[at];
        slot.Kind = kind;
        slot.Hold(data);
        slot.Previous = _tail;
        slot.Next = None;
        if (_tail == None)
            _head = at;
        else
            _slots[_tail].Next = at;
        _tail = at;
        return at;
    }

    void Remove(int at)
    {
        ref var slot = ref _slots[at];
        if (slot.Previous == None)
            _head = slot.Next;
        else
            _slots[slot.Previous].Next = slot.Next;
        if (slot.Next == None)
            _tail = slot.Previous;
        else
            _slots[slot.Next].Previous = slot.Previous;
        slot.Release();
        slot.Next = _free;
        _free = at;
    }

    struct Slot
    {
        // What a slot keeps for its next content; most data is smaller, and a thousand slots of this are a megabyte
        const int KeptBytes = 1024;
        const int LeastBytes = 64;

        public FrameKind Kind;
        public int Next;
        public int Previous;
        public string? Name;
        public Origin? Origin;
        public long Sequence;
        public long Time;
        public long? Ack;
        public byte[]? Data;
        public int Length;

        public void Hold(ReadOnlySpan<byte> data)
        {
            Length = data.Length;
            if (Data is null || Data.Length < data.Length)
                Data = new byte[data.Length <= KeptBytes ? RoundUp(data.Length) : data.Length];
            data.CopyTo(Data);
        }

        static int RoundUp(int length) => Math.Max(LeastBytes, (int)BitOperations.RoundUpToPowerOf2((uint)length));

        public void Release()
        {
            (Name, Origin) = (null, null);
            if (Data!.Length > KeptBytes)
                Data = null;
        }
    }
}
