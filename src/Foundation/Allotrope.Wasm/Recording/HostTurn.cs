namespace Allotrope.Wasm;

/// <summary>What a host function was lent and what it found, to know what it has changed when it gives the turn back.</summary>
sealed class HostTurn
{
    readonly Instance _instance;

    /// <summary>For each memory the pieces that were lent, as they were then.</summary>
    readonly Dictionary<ulong, byte[]>?[] _lent;

    readonly List<(Table Table, ulong Index)> _assigned = [];
    readonly uint[] _pages;
    readonly int[] _counts;
    readonly Value[] _globals;
    long _fuel;
    long _objectWrites;
    int _thread;

    internal HostTurn(Instance instance)
    {
        _instance = instance;
        _lent = new Dictionary<ulong, byte[]>?[instance.Memories.Length];
        _pages = new uint[instance.Memories.Length];
        _counts = new int[instance.Tables.Length];
        _globals = new Value[instance.Globals.Length];
        Note();
    }

    /// <summary>What the last call of the guest in this turn that threw was left with.</summary>
    internal Exception? LastThrown { get; set; }

    /// <summary>Copies what was not lent yet, in pieces: so it does not matter in how many ranges the host looks at the same bytes, or in what order.</summary>
    internal void Lend(Memory memory, ulong address, int length)
    {
        var lent = _lent[Array.IndexOf(_instance.Memories, memory)] ??= [];
        for (var piece = address / InitialImage.PieceBytes; piece <= (address + (ulong)length - 1) / InitialImage.PieceBytes; piece++)
        {
            if (!lent.ContainsKey(piece))
                lent[piece] = SnapshotWriter.PieceOf(memory, piece).ToArray();
        }
    }

    internal void Assigned(Table table, ulong index) => _assigned.Add((table, index));

    /// <summary>Writes what the host has changed since it got the turn.</summary>
    /// <exception cref="RecordException">It has changed what a record does not hold.</exception>
    internal void Flush(RecordLog log)
    {
        // Writes are counted by thread; what another thread has written, for whatever guest, is no part of this turn.
        if (Environment.CurrentManagedThreadId == _thread && GuestObject.HostWrites != _objectWrites)
            throw new RecordException("the host wrote to a struct or array of the guest, which a record does not hold");
        for (var i = 0; i < _pages.Length; i++)
            FlushMemory(log, i);
        for (var i = 0; i < _counts.Length; i++)
            FlushTable(log, i);
        for (var i = 0; i < _globals.Length; i++)
        {
            if (IsOpen(i) && _instance.Globals[i]!.Value is var now && now != _globals[i])
                log.Global(i, now);
        }

        if (_instance.Store.Fuel is var fuel && fuel != _fuel)
            log.Fuel(fuel);
    }

    /// <summary>The host has the turn again: what the guest changed meanwhile is the guest's.</summary>
    internal void Refresh()
    {
        foreach (var (index, lent) in _lent.Index())
        {
            foreach (var (piece, before) in lent ?? [])
                SnapshotWriter.PieceOf(_instance.Memories[index], piece).CopyTo(before);
        }

        _assigned.Clear();
        Note();
    }

    void Note()
    {
        for (var i = 0; i < _pages.Length; i++)
            _pages[i] = _instance.Memories[i].PageCount;
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] = _instance.Tables[i].Count;
        for (var i = 0; i < _globals.Length; i++)
        {
            if (IsOpen(i))
                _globals[i] = _instance.Globals[i]!.Value;
        }

        _fuel = _instance.Store.Fuel;
        _objectWrites = GuestObject.HostWrites;
        _thread = Environment.CurrentManagedThreadId;
    }

    /// <summary>Whether somebody outside can assign to the global.</summary>
    bool IsOpen(int global) => !_instance.Module.Image.IsCell(global) && _instance.Globals[global]!.IsMutable;

    void FlushMemory(RecordLog log, int index)
    {
        var memory = _instance.Memories[index];
        if (memory.PageCount != _pages[index])
            log.Memory(index, memory.PageCount, 0, [], []);
        foreach (var (piece, before) in _lent[index] ?? [])
        {
            var now = SnapshotWriter.PieceOf(memory, piece);
            if (!now.SequenceEqual(before))
                log.Memory(index, memory.PageCount, piece * InitialImage.PieceBytes, now, before);
        }
    }

    void FlushTable(RecordLog log, int index)
    {
        var table = _instance.Tables[index];
        for (var i = _counts[index]; i < table.Count; i++)
            _assigned.Add((table, (ulong)i));
        var places = _assigned.Where(assigned => assigned.Table == table).Select(assigned => assigned.Index).Distinct().ToArray();
        if (places.Length > 0)
            log.Table(index, table, places);
    }
}
