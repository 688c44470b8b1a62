namespace Allotrope.Wasm;

/// <summary>A module's functions as the interpreter runs them, each made when it is first called. Instances on several threads share them.</summary>
sealed class ModuleSteps
{
    internal ModuleSteps(ModuleImage image, FunctionFacts[] facts, CompileOptions options)
    {
        (Image, Facts, Options) = (image, facts, options);
        Known = new FunctionSteps?[image.Functions.Count];
        Hot = options.Tier == Tier.Tiered ? new HotCode(this) : null;
    }

    internal ModuleImage Image { get; }

    internal FunctionFacts[] Facts { get; }

    internal CompileOptions Options { get; }

    /// <summary>Where functions are compiled that are called often; null when they never are.</summary>
    internal HotCode? Hot { get; }

    /// <summary>By function index; null for imports and what was not called yet.</summary>
    internal readonly FunctionSteps?[] Known;

    /// <summary>When two threads make the same, one of the two is used by both.</summary>
    internal FunctionSteps At(int index) =>
        Volatile.Read(ref Known[index])
        ?? (StepWriter.Write(this, index) is var made && Interlocked.CompareExchange(ref Known[index], made, null) is { } other ? other : made);

    /// <summary>
    /// Whether functions may be compiled one by one. A chain of calls that take each other's place, through references, would leave something of both tiers
    /// on the machine's stack each time it changes between them.
    /// </summary>
    internal static bool CanChangeOver(FunctionFacts[] facts, CompileOptions options) =>
        options is { Sampled: false, SuspendsAll: false, Suspendable.IsNone: true } && !Array.Exists(facts, function => function.LeavesForOthers);

    internal unsafe WasmFrame FrameOf(in CallerFrame waiting) => Image.FrameOf(waiting.Code!.Index, waiting.Code.OffsetOf(waiting.Ip));
}
