namespace Allotrope.Wasm;

/// <summary>What a host function was lent and what it found, to know what it has changed when it gives the turn back.</summary>
sealed class HostTurn
{
    readonly Instance _instance;
    readonly List<(Memory Memory, ulong Address, byte[] Before)> _lent = [];
    readonly List<(Table Table, ulong Index)> _assigned = [];
    readonly uint[] _pages;
    readonly int[] _counts;
    readonly Value[] _globals;
    long _fuel;
    long _objectWrites;

    internal HostTurn(Instance instance)
    {
        _instance = instance;
        _pages = new uint[instance.Memories.Length];
        _counts = new int[instance.Tables.Length];
        _globals = new Value[instance.Globals.Length];
        Note();
    }

    /// <summary>What the last call of the guest in this turn that threw was left with.</summary>
    internal Exception? LastThrown { get; set; }

    internal void Lend(Memory memory, ulong address, ReadOnlySpan<byte> bytes)
    {
        foreach (var (known, start, before) in _lent)
        {
            if (known == memory && start <= address && address + (ulong)bytes.Length <= start + (ulong)before.Length)
                return;
        }

        _lent.Add((memory, address, bytes.ToArray()));
    }

    internal void Assigned(Table table, ulong index) => _assigned.Add((table, index));

    /// <summary>Writes what the host has changed since it got the turn.</summary>
    /// <exception cref="RecordException">It has changed what a record does not hold.</exception>
    internal void Flush(RecordLog log)
    {
        if (GuestObject.HostWrites != _objectWrites)
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
        foreach (var (memory, address, before) in _lent)
            Bytes(memory, address, before.Length).CopyTo(before);
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
    }

    /// <summary>Whether somebody outside can assign to the global.</summary>
    bool IsOpen(int global) => !_instance.Module.Image.IsCell(global) && _instance.Globals[global]!.IsMutable;

    void FlushMemory(RecordLog log, int index)
    {
        var memory = _instance.Memories[index];
        if (memory.PageCount != _pages[index])
            log.Memory(index, memory.PageCount, 0, [], []);
        foreach (var (lent, address, before) in _lent)
        {
            if (lent != memory)
                continue;
            var now = Bytes(memory, address, before.Length);
            if (!now.SequenceEqual(before))
                log.Memory(index, memory.PageCount, address, now, before);
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

    static unsafe Span<byte> Bytes(Memory memory, ulong address, int length) => new((byte*)memory.Base + address, length);
}
