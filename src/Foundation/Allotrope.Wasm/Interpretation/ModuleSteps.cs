namespace Allotrope.Wasm;

/// <summary>A module's functions as the interpreter runs them, each made when it is first called. Instances on several threads share them.</summary>
sealed class ModuleSteps(ModuleImage image, FunctionFacts[] facts, CompileOptions options)
{
    internal ModuleImage Image { get; } = image;

    internal FunctionFacts[] Facts { get; } = facts;

    internal CompileOptions Options { get; } = options;

    /// <summary>By function index; null for imports and what was not called yet.</summary>
    internal readonly FunctionSteps?[] Known = new FunctionSteps?[image.Functions.Count];

    /// <summary>When two threads make the same, one of the two is used by both.</summary>
    internal FunctionSteps At(int index) =>
        Volatile.Read(ref Known[index])
        ?? (StepWriter.Write(this, index) is var made && Interlocked.CompareExchange(ref Known[index], made, null) is { } other ? other : made);

    internal unsafe WasmFrame FrameOf(in CallerFrame waiting) => Image.FrameOf(waiting.Code!.Index, waiting.Code.OffsetOf(waiting.Ip));
}
