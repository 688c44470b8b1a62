namespace Allotrope.Wasm;

/// <summary>The bytes are no WebAssembly module, or one that breaks a rule of the specification.</summary>
/// <param name="message">What is wrong, without the position.</param>
/// <param name="byteOffset">Where in the module it was noticed.</param>
public sealed class InvalidModuleException(string message, int byteOffset) : Exception($"{message} (at byte {byteOffset})")
{
    /// <summary>Offset in the module of the byte, instruction or section that breaks the rule.</summary>
    public int ByteOffset { get; } = byteOffset;
}
