namespace Allotrope.Wasm;

/// <summary>One function of the WebAssembly stack at a trap.</summary>
/// <param name="FunctionIndex">Index in its module's function index space, imports first.</param>
/// <param name="Name">Its name in the name section, or the name it is exported by, or null.</param>
/// <param name="ByteOffset">Offset in the module of the function's code.</param>
public readonly record struct WasmFrame(int FunctionIndex, string? Name, int ByteOffset)
{
    public override string ToString() => $"{Name ?? $"function {FunctionIndex}"} (function {FunctionIndex}, code at byte {ByteOffset})";
}
