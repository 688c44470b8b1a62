namespace Allotrope.Wasm;

/// <summary>
/// The world of one isolated guest: its instances, what they may use, and the switch that stops them. A store is used by one thread at a time
/// (any thread, and a different one for every call); only <see cref="Interrupt"/>, <see cref="Pause"/> and what undoes them may be called while another thread is inside.
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
    /// What is left for modules compiled with <see cref="CompileOptions.Fuel"/>, mostly one for an instruction, which is paid for shortly before it runs.
    /// When it was not enough they trap with <see cref="TrapKind.FuelExhausted"/> where a function or an iteration begins, so it can become negative;
    /// other modules do not touch it. Starts at zero.
    /// </summary>
    public long Fuel
    {
        get => Guard.Fuel;
        set => Guard.Fuel = value;
    }

    /// <summary>Pages of 64 KiB that count against <see cref="StoreLimits.MemoryPages"/> now.</summary>
    public long MemoryPages => _pages;

    /// <summary>
    /// Whether a trap keeps the variables and operands of the functions it went through (<see cref="Trap.Inspected"/>), where they are interpreted
    /// (<see cref="CompileOptions.Tier"/>). Default: no.
    /// </summary>
    public bool InspectTraps
    {
        get => Guard.InspectsTraps;
        set => Guard.InspectsTraps = value;
    }

    /// <summary>
    /// Runs a guest whose wait is over. It is given what to call, once, on whatever thread ended the wait, and may call it later on a thread of its choice.
    /// Where there is none, the guest goes on on the thread that ended its wait.
    /// </summary>
    public Action<Action>? Continuing
    {
        get => Guard.Continuing;
        set => Guard.Continuing = value;
    }

    /// <summary>
    /// Waits on the guest's thread for the task of a host function, where its guest cannot be suspended (<see cref="SuspendableImports"/>), and returns when
    /// that is over; an exception of its own ends the guest's call. Where there is none, the thread merely waits.
    /// </summary>
    public Action<Task>? Blocking
    {
        get => Guard.Blocking;
        set => Guard.Blocking = value;
    }

    internal Guard Guard { get; }

    internal Sampler Sampler { get; } = new();

    /// <summary>
    /// Makes the running guest trap with <see cref="TrapKind.Interrupted"/> at the next place where it looks, and every later call too, until
    /// <see cref="ResetInterrupt"/>; also one that is paused. Any thread may call it.
    /// </summary>
    public void Interrupt() => Guard.Interrupt();

    /// <summary>Lets guests run again after <see cref="Interrupt"/>.</summary>
    public void ResetInterrupt() => Guard.ResetInterrupt();

    /// <summary>
    /// Makes the running guest wait at the next place where it looks, as it is, until <see cref="Resume"/>; and whoever calls into the store meanwhile. A
    /// guest that is in a host function waits when it comes back from there. Any thread may call it; once is enough, however often it is called.
    /// </summary>
    public void Pause() => _ = Guard.PauseAsync();

    /// <summary>
    /// As <see cref="Pause"/>, and ends when no guest of the store runs any more: it waits, or none was inside. All it has done is to be seen then, and
    /// memories, globals and tables may be read and written until <see cref="Resume"/>. A host function that awaits this waits for itself.
    /// </summary>
    /// <param name="cancellation">Ends the waiting; the store remains paused.</param>
    /// <exception cref="OperationCanceledException">It was resumed before it came to rest, or cancelled.</exception>
    public Task PauseAsync(CancellationToken cancellation = default) => Guard.PauseAsync().WaitAsync(cancellation);

    /// <summary>Lets the guest go on after <see cref="Pause"/>.</summary>
    public void Resume() => Guard.Resume();

    /// <summary>
    /// Has the guest note its stack at its next loop iteration or function entry, and go on; a guest that does not run does so when it is called. For
    /// modules compiled with <see cref="CompileOptions.Sampled"/>. Any thread may call it.
    /// </summary>
    public void Sample(GuestProfile into) => Sampler.Ask(into);

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
