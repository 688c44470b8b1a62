namespace Allotrope.Wasm;

/// <summary>One function of the WebAssembly stack at a trap.</summary>
/// <param name="FunctionIndex">Index in its module's function index space, imports first.</param>
/// <param name="Name">Its name in the name section, or the name it is exported by, or null.</param>
/// <param name="ByteOffset">Offset in the module of the function's code.</param>
public readonly record struct WasmFrame(int FunctionIndex, string? Name, int ByteOffset)
{
    /// <summary>
    /// Offset in the module of the instruction: the call that has not returned, or what trapped. Null where it is not known, as in modules without
    /// line numbers (<c>.debug_line</c>) that were compiled without <see cref="CompileOptions.ExactTraces"/>.
    /// </summary>
    public int? InstructionOffset { get; init; }

    /// <summary>The line of the source that the instruction is from, where the module tells it.</summary>
    public SourceLine? Source { get; init; }

    public override string ToString()
    {
        var place = InstructionOffset is { } at ? $"byte {at}" : $"code at byte {ByteOffset}";
        return $"{Name ?? $"function {FunctionIndex}"} (function {FunctionIndex}, {place}){(Source is null ? "" : $" in {Source}")}";
    }
}
