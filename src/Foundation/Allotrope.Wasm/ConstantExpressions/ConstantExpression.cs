namespace Allotrope.Wasm;

/// <summary>
/// An expression that is known at instantiation. Nearly all are one instruction, which is kept here; longer ones are read again from the module.
/// </summary>
/// <param name="Single">The only instruction: a const, <c>global.get</c>, <c>ref.null</c> or <c>ref.func</c>; null when there are several.</param>
/// <param name="Type">Type of a constant or null reference.</param>
/// <param name="Operand">A constant's bits, or an index.</param>
/// <param name="ByteOffset">Where it begins in the module.</param>
/// <param name="End">One past its last byte.</param>
readonly record struct ConstantExpression(Opcode? Single, WasmType Type, long Operand, int ByteOffset, int End);
