namespace Allotrope.Wasm;

/// <summary>How a module is compiled.</summary>
public sealed record CompileOptions
{
    /// <summary>Most bytes a module may have unless the caller says otherwise: the largest real guests known are a few tens of MiB.</summary>
    public const int DefaultMaxModuleBytes = 64 << 20;

    /// <summary>The options that <see cref="Module.Compile"/> takes when it is given none.</summary>
    public static CompileOptions Default { get; } = new();

    /// <summary>Whether code pays for its instructions from <see cref="Store.Fuel"/>. Costs about a tenth of the speed of language runtimes, less in small loops.</summary>
    public bool Fuel { get; init; }

    /// <summary>
    /// Whether results, traps and fuel are the same on every machine and in every tier: canonical NaNs, fixed choices of relaxed SIMD, a stack and heap
    /// counted by rules (<see cref="StoreLimits.HeapBytes"/> bounds what one call from the host makes). Where the machine has less than the store's
    /// limits promise, the host gets a <see cref="HostExhaustedException"/>.
    /// </summary>
    public bool Deterministic { get; init; }

    /// <summary>How loads and stores are kept inside the memory.</summary>
    public MemoryChecks MemoryChecks { get; init; }

    /// <summary>Where compiled code is kept between processes; null: nowhere.</summary>
    public CodeCache? Cache { get; init; }

    /// <summary>How functions are run. Default: <see cref="Tier.Automatic"/>.</summary>
    public Tier Tier { get; init; }

    /// <summary>
    /// Whether stack traces tell the instruction of each frame (<see cref="WasmFrame.InstructionOffset"/>), which costs some speed. So it is in any case for
    /// modules that carry line numbers.
    /// </summary>
    public bool ExactTraces { get; init; }

    /// <summary>
    /// Whether <see cref="Store.Pause"/> holds the guest also in loops that call nothing; otherwise these come to their end first. Costs such loops up to
    /// half of their speed.
    /// </summary>
    public bool Pausable { get; init; }

    /// <summary>Whether guests note their stack when <see cref="Store.Sample"/> asks for it, which costs small loops up to half of their speed.</summary>
    public bool Sampled { get; init; }

    /// <summary>
    /// Imports for which the guest is suspended while they wait, when it was called by a delegate that returns a <see cref="ValueTask"/> or by
    /// <see cref="Function.InvokeAsync"/>: it holds no thread then. Otherwise the thread waits. Default: none.
    /// </summary>
    public SuspendableImports Suspendable { get; init; } = SuspendableImports.None;

    /// <summary>A module with more bytes than this is refused before any of it is read.</summary>
    public int MaxModuleBytes { get; init; } = DefaultMaxModuleBytes;

    /// <summary>Functions beyond this are split into several methods.</summary>
    internal MethodSize MethodLimit { get; init; } = MethodSize.Most;

    /// <summary>When functions change over to compiled code.</summary>
    internal Warming Warming { get; init; } = Warming.Default;

    /// <summary>Asked between functions while they are emitted: whether anybody has a use for the code yet. Null: yes.</summary>
    internal Func<bool>? IsWanted { get; init; }

    /// <summary>Whether every call is compiled as if the callee may be suspended, for tests.</summary>
    internal bool SuspendsAll { get; init; }

    /// <summary>Whether functions are split wherever they can be, for tests.</summary>
    internal bool SplitsAll { get; init; }
}
