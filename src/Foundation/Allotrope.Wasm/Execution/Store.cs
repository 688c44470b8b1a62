namespace Allotrope.Wasm;

/// <summary>
/// The world of one isolated guest: its instances, what they may use, and the switch that stops them. A store is used by one thread at a time
/// (any thread, and a different one for every call); only <see cref="Interrupt"/> may be called while another thread is inside.
/// </summary>
public sealed class Store : IDisposable
{
    readonly List<Memory> _memories = [];
    readonly HashSet<Memory> _shared = [];
    long _pages;
    long _elements;

    public Store(StoreLimits? limits = null)
    {
        Limits = limits ?? new StoreLimits();
        Guard = new Guard(Limits.StackBytes, new HeapBudget(Limits.HeapBytes));
    }

    public StoreLimits Limits { get; }

    /// <summary>
    /// Instructions left for modules compiled with <see cref="CompileOptions.Fuel"/>. At zero they trap with <see cref="TrapKind.FuelExhausted"/>;
    /// other modules do not touch it. Starts at zero.
    /// </summary>
    public long Fuel
    {
        get => Guard.Fuel;
        set => Guard.Fuel = value;
    }

    /// <summary>
    /// Whether a trap keeps the variables and operands of the functions it went through (<see cref="Trap.Inspected"/>), where they are interpreted
    /// (<see cref="CompileOptions.Tier"/>). Default: no.
    /// </summary>
    public bool InspectTraps
    {
        get => Guard.InspectsTraps;
        set => Guard.InspectsTraps = value;
    }

    internal Guard Guard { get; }

    /// <summary>
    /// Makes the running guest trap with <see cref="TrapKind.Interrupted"/> at its next loop iteration or function entry, and every later call
    /// too, until <see cref="ResetInterrupt"/>. Any thread may call it.
    /// </summary>
    public void Interrupt() => Guard.Interrupt();

    /// <summary>Lets guests run again after <see cref="Interrupt"/>.</summary>
    public void ResetInterrupt() => Guard.ResetInterrupt();

    /// <summary>Frees the memories at once. Later calls of the store's functions throw <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="InvalidOperationException">A guest of this store is running.</exception>
    public void Dispose()
    {
        Guard.Close();
        foreach (var memory in _memories)
            memory.Free();
        _memories.Clear();
        _shared.Clear();
    }

    /// <summary>Keeps a shared memory, whoever made it, for as long as a guest of this store may run.</summary>
    internal void Keep(Memory memory) => _shared.Add(memory);

    internal void Own(Memory memory) => _memories.Add(memory);

    /// <summary>Takes pages from the store's budget; false when it does not have that many.</summary>
    internal bool TryTakePages(ulong pages) => TryTake(ref _pages, pages, Limits.MemoryPages);

    internal void ReturnPages(ulong pages) => _pages -= (long)pages;

    internal bool TryTakeElements(ulong elements) => TryTake(ref _elements, elements, Limits.TableElements);

    static bool TryTake(ref long used, ulong wanted, uint limit)
    {
        if (wanted > limit - (ulong)used)
            return false;
        used += (long)wanted;
        return true;
    }
}
