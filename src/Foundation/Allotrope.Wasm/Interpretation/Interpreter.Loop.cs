using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using static Allotrope.Wasm.Opcode;
using static Allotrope.Wasm.StepCodes;

namespace Allotrope.Wasm;

/// <content>
/// The loop. Each arm is short and calls nothing, so that the just-in-time compiler keeps the step, the frame and the memory in registers and the method
/// stays far below the size at which it stops optimising. Places and offsets were checked when the steps were made.
/// </content>
static unsafe partial class Interpreter
{
    /// <summary>Runs the function that was entered last until it returns to who entered it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Loop(InterpreterStack stack)
    {
        var step = stack.Ip;
        var frame = stack.Frame;
        var memory = stack.Memory;
        while (true)
        {
            ulong address;
            switch (step->Code)
            {
                case I32Load:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 4 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(int*)(frame + step->A) = *(int*)(memory + address);
                    step++; continue;
                case I64Load:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 8 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(frame + step->A) = *(long*)(memory + address);
                    step++; continue;
                case F32Load:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 4 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(int*)(frame + step->A) = *(int*)(memory + address);
                    step++; continue;
                case F64Load:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 8 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(frame + step->A) = *(long*)(memory + address);
                    step++; continue;
                case I32Load8S:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 1 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(int*)(frame + step->A) = *(sbyte*)(memory + address);
                    step++; continue;
                case I32Load8U:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 1 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(int*)(frame + step->A) = *(byte*)(memory + address);
                    step++; continue;
                case I32Load16S:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 2 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(int*)(frame + step->A) = *(short*)(memory + address);
                    step++; continue;
                case I32Load16U:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 2 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(int*)(frame + step->A) = *(ushort*)(memory + address);
                    step++; continue;
                case I64Load8S:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 1 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(frame + step->A) = *(sbyte*)(memory + address);
                    step++; continue;
                case I64Load8U:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 1 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(frame + step->A) = *(byte*)(memory + address);
                    step++; continue;
                case I64Load16S:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 2 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(frame + step->A) = *(short*)(memory + address);
                    step++; continue;
                case I64Load16U:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 2 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(frame + step->A) = *(ushort*)(memory + address);
                    step++; continue;
                case I64Load32S:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 4 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(frame + step->A) = *(int*)(memory + address);
                    step++; continue;
                case I64Load32U:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 4 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(frame + step->A) = *(uint*)(memory + address);
                    step++; continue;
                case I32Store:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 4 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(int*)(memory + address) = *(int*)(frame + (uint)step->C);
                    step++; continue;
                case I64Store:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 8 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(memory + address) = *(long*)(frame + (uint)step->C);
                    step++; continue;
                case F32Store:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 4 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(int*)(memory + address) = *(int*)(frame + (uint)step->C);
                    step++; continue;
                case F64Store:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 8 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(long*)(memory + address) = *(long*)(frame + (uint)step->C);
                    step++; continue;
                case I32Store8:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 1 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(byte*)(memory + address) = *(byte*)(frame + (uint)step->C);
                    step++; continue;
                case I32Store16:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 2 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(short*)(memory + address) = *(short*)(frame + (uint)step->C);
                    step++; continue;
                case I64Store8:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 1 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(byte*)(memory + address) = *(byte*)(frame + (uint)step->C);
                    step++; continue;
                case I64Store16:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 2 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(short*)(memory + address) = *(short*)(frame + (uint)step->C);
                    step++; continue;
                case I64Store32:
                    address = *(uint*)(frame + step->B) + (ulong)step->Bits;
                    if (address + 4 > *(ulong*)(memory - sizeof(long))) goto OutOfBounds;
                    *(int*)(memory + address) = *(int*)(frame + (uint)step->C);
                    step++; continue;
                case I32Eqz: *(int*)(frame + step->A) = *(int*)(frame + step->B) == 0 ? 1 : 0; step++; continue;
                case I32Eq: *(int*)(frame + step->A) = *(int*)(frame + step->B) == *(int*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32Ne: *(int*)(frame + step->A) = *(int*)(frame + step->B) != *(int*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32LtS: *(int*)(frame + step->A) = *(int*)(frame + step->B) < *(int*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32LtU: *(int*)(frame + step->A) = *(uint*)(frame + step->B) < *(uint*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32GtS: *(int*)(frame + step->A) = *(int*)(frame + step->B) > *(int*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32GtU: *(int*)(frame + step->A) = *(uint*)(frame + step->B) > *(uint*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32LeS: *(int*)(frame + step->A) = *(int*)(frame + step->B) <= *(int*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32LeU: *(int*)(frame + step->A) = *(uint*)(frame + step->B) <= *(uint*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32GeS: *(int*)(frame + step->A) = *(int*)(frame + step->B) >= *(int*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32GeU: *(int*)(frame + step->A) = *(uint*)(frame + step->B) >= *(uint*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64Eqz: *(int*)(frame + step->A) = *(long*)(frame + step->B) == 0 ? 1 : 0; step++; continue;
                case I64Eq: *(int*)(frame + step->A) = *(long*)(frame + step->B) == *(long*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64Ne: *(int*)(frame + step->A) = *(long*)(frame + step->B) != *(long*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64LtS: *(int*)(frame + step->A) = *(long*)(frame + step->B) < *(long*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64LtU: *(int*)(frame + step->A) = *(ulong*)(frame + step->B) < *(ulong*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64GtS: *(int*)(frame + step->A) = *(long*)(frame + step->B) > *(long*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64GtU: *(int*)(frame + step->A) = *(ulong*)(frame + step->B) > *(ulong*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64LeS: *(int*)(frame + step->A) = *(long*)(frame + step->B) <= *(long*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64LeU: *(int*)(frame + step->A) = *(ulong*)(frame + step->B) <= *(ulong*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64GeS: *(int*)(frame + step->A) = *(long*)(frame + step->B) >= *(long*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I64GeU: *(int*)(frame + step->A) = *(ulong*)(frame + step->B) >= *(ulong*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F32Eq: *(int*)(frame + step->A) = *(float*)(frame + step->B) == *(float*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F32Ne: *(int*)(frame + step->A) = *(float*)(frame + step->B) != *(float*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F32Lt: *(int*)(frame + step->A) = *(float*)(frame + step->B) < *(float*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F32Gt: *(int*)(frame + step->A) = *(float*)(frame + step->B) > *(float*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F32Le: *(int*)(frame + step->A) = *(float*)(frame + step->B) <= *(float*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F32Ge: *(int*)(frame + step->A) = *(float*)(frame + step->B) >= *(float*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F64Eq: *(int*)(frame + step->A) = *(double*)(frame + step->B) == *(double*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F64Ne: *(int*)(frame + step->A) = *(double*)(frame + step->B) != *(double*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F64Lt: *(int*)(frame + step->A) = *(double*)(frame + step->B) < *(double*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F64Gt: *(int*)(frame + step->A) = *(double*)(frame + step->B) > *(double*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F64Le: *(int*)(frame + step->A) = *(double*)(frame + step->B) <= *(double*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case F64Ge: *(int*)(frame + step->A) = *(double*)(frame + step->B) >= *(double*)(frame + (uint)step->C) ? 1 : 0; step++; continue;
                case I32Add: *(int*)(frame + step->A) = *(int*)(frame + step->B) + *(int*)(frame + (uint)step->C); step++; continue;
                case I32Sub: *(int*)(frame + step->A) = *(int*)(frame + step->B) - *(int*)(frame + (uint)step->C); step++; continue;
                case I32Mul: *(int*)(frame + step->A) = *(int*)(frame + step->B) * *(int*)(frame + (uint)step->C); step++; continue;
                case I32And: *(int*)(frame + step->A) = *(int*)(frame + step->B) & *(int*)(frame + (uint)step->C); step++; continue;
                case I32Or: *(int*)(frame + step->A) = *(int*)(frame + step->B) | *(int*)(frame + (uint)step->C); step++; continue;
                case I32Xor: *(int*)(frame + step->A) = *(int*)(frame + step->B) ^ *(int*)(frame + (uint)step->C); step++; continue;
                case I32Shl: *(int*)(frame + step->A) = *(int*)(frame + step->B) << *(int*)(frame + (uint)step->C); step++; continue;
                case I32ShrS: *(int*)(frame + step->A) = *(int*)(frame + step->B) >> *(int*)(frame + (uint)step->C); step++; continue;
                case I32ShrU: *(uint*)(frame + step->A) = *(uint*)(frame + step->B) >> *(int*)(frame + (uint)step->C); step++; continue;
                case I32Rotl: *(uint*)(frame + step->A) = BitOperations.RotateLeft(*(uint*)(frame + step->B), *(int*)(frame + (uint)step->C)); step++; continue;
                case I32Rotr: *(uint*)(frame + step->A) = BitOperations.RotateRight(*(uint*)(frame + step->B), *(int*)(frame + (uint)step->C)); step++; continue;
                case I32DivS:
                    if (*(int*)(frame + (uint)step->C) == 0) goto DivideByZero;
                    if (*(int*)(frame + (uint)step->C) == -1 && *(int*)(frame + step->B) == int.MinValue) goto Overflow;
                    *(int*)(frame + step->A) = *(int*)(frame + step->B) / *(int*)(frame + (uint)step->C);
                    step++; continue;
                case I32RemS:
                    if (*(int*)(frame + (uint)step->C) == 0) goto DivideByZero;
                    *(int*)(frame + step->A) = *(int*)(frame + (uint)step->C) == -1 ? 0 : *(int*)(frame + step->B) % *(int*)(frame + (uint)step->C);
                    step++; continue;
                case I32DivU:
                    if (*(int*)(frame + (uint)step->C) == 0) goto DivideByZero;
                    *(uint*)(frame + step->A) = *(uint*)(frame + step->B) / *(uint*)(frame + (uint)step->C);
                    step++; continue;
                case I32RemU:
                    if (*(int*)(frame + (uint)step->C) == 0) goto DivideByZero;
                    *(uint*)(frame + step->A) = *(uint*)(frame + step->B) % *(uint*)(frame + (uint)step->C);
                    step++; continue;
                case I64Add: *(long*)(frame + step->A) = *(long*)(frame + step->B) + *(long*)(frame + (uint)step->C); step++; continue;
                case I64Sub: *(long*)(frame + step->A) = *(long*)(frame + step->B) - *(long*)(frame + (uint)step->C); step++; continue;
                case I64Mul: *(long*)(frame + step->A) = *(long*)(frame + step->B) * *(long*)(frame + (uint)step->C); step++; continue;
                case I64And: *(long*)(frame + step->A) = *(long*)(frame + step->B) & *(long*)(frame + (uint)step->C); step++; continue;
                case I64Or: *(long*)(frame + step->A) = *(long*)(frame + step->B) | *(long*)(frame + (uint)step->C); step++; continue;
                case I64Xor: *(long*)(frame + step->A) = *(long*)(frame + step->B) ^ *(long*)(frame + (uint)step->C); step++; continue;
                case I64Shl: *(long*)(frame + step->A) = *(long*)(frame + step->B) << *(int*)(frame + (uint)step->C); step++; continue;
                case I64ShrS: *(long*)(frame + step->A) = *(long*)(frame + step->B) >> *(int*)(frame + (uint)step->C); step++; continue;
                case I64ShrU: *(ulong*)(frame + step->A) = *(ulong*)(frame + step->B) >> *(int*)(frame + (uint)step->C); step++; continue;
                case I64Rotl: *(ulong*)(frame + step->A) = BitOperations.RotateLeft(*(ulong*)(frame + step->B), *(int*)(frame + (uint)step->C)); step++; continue;
                case I64Rotr: *(ulong*)(frame + step->A) = BitOperations.RotateRight(*(ulong*)(frame + step->B), *(int*)(frame + (uint)step->C)); step++; continue;
                case I64DivS:
                    if (*(long*)(frame + (uint)step->C) == 0) goto DivideByZero;
                    if (*(long*)(frame + (uint)step->C) == -1 && *(long*)(frame + step->B) == long.MinValue) goto Overflow;
                    *(long*)(frame + step->A) = *(long*)(frame + step->B) / *(long*)(frame + (uint)step->C);
                    step++; continue;
                case I64RemS:
                    if (*(long*)(frame + (uint)step->C) == 0) goto DivideByZero;
                    *(long*)(frame + step->A) = *(long*)(frame + (uint)step->C) == -1 ? 0 : *(long*)(frame + step->B) % *(long*)(frame + (uint)step->C);
                    step++; continue;
                case I64DivU:
                    if (*(long*)(frame + (uint)step->C) == 0) goto DivideByZero;
                    *(ulong*)(frame + step->A) = *(ulong*)(frame + step->B) / *(ulong*)(frame + (uint)step->C);
                    step++; continue;
                case I64RemU:
                    if (*(long*)(frame + (uint)step->C) == 0) goto DivideByZero;
                    *(ulong*)(frame + step->A) = *(ulong*)(frame + step->B) % *(ulong*)(frame + (uint)step->C);
                    step++; continue;
                case F32Add: *(float*)(frame + step->A) = *(float*)(frame + step->B) + *(float*)(frame + (uint)step->C); step++; continue;
                case F32Sub: *(float*)(frame + step->A) = *(float*)(frame + step->B) - *(float*)(frame + (uint)step->C); step++; continue;
                case F32Mul: *(float*)(frame + step->A) = *(float*)(frame + step->B) * *(float*)(frame + (uint)step->C); step++; continue;
                case F32Div: *(float*)(frame + step->A) = *(float*)(frame + step->B) / *(float*)(frame + (uint)step->C); step++; continue;
                case F64Add: *(double*)(frame + step->A) = *(double*)(frame + step->B) + *(double*)(frame + (uint)step->C); step++; continue;
                case F64Sub: *(double*)(frame + step->A) = *(double*)(frame + step->B) - *(double*)(frame + (uint)step->C); step++; continue;
                case F64Mul: *(double*)(frame + step->A) = *(double*)(frame + step->B) * *(double*)(frame + (uint)step->C); step++; continue;
                case F64Div: *(double*)(frame + step->A) = *(double*)(frame + step->B) / *(double*)(frame + (uint)step->C); step++; continue;
                case F32Abs: *(uint*)(frame + step->A) = *(uint*)(frame + step->B) & 0x7FFF_FFFF; step++; continue;
                case F32Neg: *(uint*)(frame + step->A) = *(uint*)(frame + step->B) ^ 0x8000_0000; step++; continue;
                case F64Abs: *(ulong*)(frame + step->A) = *(ulong*)(frame + step->B) & 0x7FFF_FFFF_FFFF_FFFF; step++; continue;
                case F64Neg: *(ulong*)(frame + step->A) = *(ulong*)(frame + step->B) ^ 0x8000_0000_0000_0000; step++; continue;
                case F32Sqrt: *(float*)(frame + step->A) = MathF.Sqrt(*(float*)(frame + step->B)); step++; continue;
                case F64Sqrt: *(double*)(frame + step->A) = Math.Sqrt(*(double*)(frame + step->B)); step++; continue;
                case I32WrapI64 or I32ReinterpretF32 or F32ReinterpretI32: *(int*)(frame + step->A) = *(int*)(frame + step->B); step++; continue;
                case I64ReinterpretF64 or F64ReinterpretI64 or Move: frame[step->A] = frame[step->B]; step++; continue;
                case I64ExtendI32S or I64Extend32S: frame[step->A] = *(int*)(frame + step->B); step++; continue;
                case I64ExtendI32U: frame[step->A] = *(uint*)(frame + step->B); step++; continue;
                case F32ConvertI32S: *(float*)(frame + step->A) = *(int*)(frame + step->B); step++; continue;
                case F32ConvertI32U: *(float*)(frame + step->A) = *(uint*)(frame + step->B); step++; continue;
                case F32ConvertI64S: *(float*)(frame + step->A) = *(long*)(frame + step->B); step++; continue;
                case F64ConvertI32S: *(double*)(frame + step->A) = *(int*)(frame + step->B); step++; continue;
                case F64ConvertI32U: *(double*)(frame + step->A) = *(uint*)(frame + step->B); step++; continue;
                case F64ConvertI64S: *(double*)(frame + step->A) = *(long*)(frame + step->B); step++; continue;
                case F32DemoteF64: *(float*)(frame + step->A) = (float)*(double*)(frame + step->B); step++; continue;
                case F64PromoteF32: *(double*)(frame + step->A) = *(float*)(frame + step->B); step++; continue;
                case I32Extend8S: *(int*)(frame + step->A) = *(sbyte*)(frame + step->B); step++; continue;
                case I32Extend16S: *(int*)(frame + step->A) = *(short*)(frame + step->B); step++; continue;
                case I64Extend8S: frame[step->A] = *(sbyte*)(frame + step->B); step++; continue;
                case I64Extend16S: frame[step->A] = *(short*)(frame + step->B); step++; continue;
                case I32Clz: *(int*)(frame + step->A) = BitOperations.LeadingZeroCount(*(uint*)(frame + step->B)); step++; continue;
                case I32Ctz: *(int*)(frame + step->A) = BitOperations.TrailingZeroCount(*(uint*)(frame + step->B)); step++; continue;
                case I32Popcnt: *(int*)(frame + step->A) = BitOperations.PopCount(*(uint*)(frame + step->B)); step++; continue;
                case I64Clz: frame[step->A] = BitOperations.LeadingZeroCount(*(ulong*)(frame + step->B)); step++; continue;
                case I64Ctz: frame[step->A] = BitOperations.TrailingZeroCount(*(ulong*)(frame + step->B)); step++; continue;
                case I64Popcnt: frame[step->A] = BitOperations.PopCount(*(ulong*)(frame + step->B)); step++; continue;
                case Constant: frame[step->A] = step->Bits; step++; continue;
                case CellGet: frame[step->A] = stack.Cells[step->B]; step++; continue;
                case CellSet: stack.Cells[step->A] = frame[step->B]; step++; continue;
                case Choose: frame[step->A] = *(int*)(frame + step->Bits) != 0 ? frame[step->B] : frame[(uint)step->C]; step++; continue;
                case Jump: goto Taken;
                case JumpIf: if (*(int*)(frame + step->B) != 0) goto Taken; step++; continue;
                case JumpUnless: if (*(int*)(frame + step->B) == 0) goto Taken; step++; continue;
                case With32: *(int*)(frame + step->A) = *(int*)(frame + step->B) + (int)step->Bits; step++; continue;
                case With32 + 1: *(int*)(frame + step->A) = *(int*)(frame + step->B) * (int)step->Bits; step++; continue;
                case With32 + 2: *(int*)(frame + step->A) = *(int*)(frame + step->B) & (int)step->Bits; step++; continue;
                case With32 + 3: *(int*)(frame + step->A) = *(int*)(frame + step->B) | (int)step->Bits; step++; continue;
                case With32 + 4: *(int*)(frame + step->A) = *(int*)(frame + step->B) ^ (int)step->Bits; step++; continue;
                case With32 + 5: *(int*)(frame + step->A) = *(int*)(frame + step->B) << (int)step->Bits; step++; continue;
                case With32 + 6: *(int*)(frame + step->A) = *(int*)(frame + step->B) >> (int)step->Bits; step++; continue;
                case With32 + 7: *(uint*)(frame + step->A) = *(uint*)(frame + step->B) >> (int)step->Bits; step++; continue;
                case With32 + 8: *(uint*)(frame + step->A) = BitOperations.RotateLeft(*(uint*)(frame + step->B), (int)step->Bits); step++; continue;
                case With64: *(long*)(frame + step->A) = *(long*)(frame + step->B) + step->Bits; step++; continue;
                case With64 + 1: *(long*)(frame + step->A) = *(long*)(frame + step->B) * step->Bits; step++; continue;
                case With64 + 2: *(long*)(frame + step->A) = *(long*)(frame + step->B) & step->Bits; step++; continue;
                case With64 + 3: *(long*)(frame + step->A) = *(long*)(frame + step->B) | step->Bits; step++; continue;
                case With64 + 4: *(long*)(frame + step->A) = *(long*)(frame + step->B) ^ step->Bits; step++; continue;
                case With64 + 5: *(long*)(frame + step->A) = *(long*)(frame + step->B) << (int)step->Bits; step++; continue;
                case With64 + 6: *(long*)(frame + step->A) = *(long*)(frame + step->B) >> (int)step->Bits; step++; continue;
                case With64 + 7: *(ulong*)(frame + step->A) = *(ulong*)(frame + step->B) >> (int)step->Bits; step++; continue;
                case With64 + 8: *(ulong*)(frame + step->A) = BitOperations.RotateLeft(*(ulong*)(frame + step->B), (int)step->Bits); step++; continue;
                case CompareWith32: *(int*)(frame + step->A) = *(int*)(frame + step->B) == (int)step->Bits ? 1 : 0; step++; continue;
                case CompareWith32 + 1: *(int*)(frame + step->A) = *(int*)(frame + step->B) != (int)step->Bits ? 1 : 0; step++; continue;
                case CompareWith32 + 2: *(int*)(frame + step->A) = *(int*)(frame + step->B) < (int)step->Bits ? 1 : 0; step++; continue;
                case CompareWith32 + 3: *(int*)(frame + step->A) = *(uint*)(frame + step->B) < (uint)step->Bits ? 1 : 0; step++; continue;
                case CompareWith32 + 4: *(int*)(frame + step->A) = *(int*)(frame + step->B) > (int)step->Bits ? 1 : 0; step++; continue;
                case CompareWith32 + 5: *(int*)(frame + step->A) = *(uint*)(frame + step->B) > (uint)step->Bits ? 1 : 0; step++; continue;
                case CompareWith32 + 6: *(int*)(frame + step->A) = *(int*)(frame + step->B) <= (int)step->Bits ? 1 : 0; step++; continue;
                case CompareWith32 + 7: *(int*)(frame + step->A) = *(uint*)(frame + step->B) <= (uint)step->Bits ? 1 : 0; step++; continue;
                case CompareWith32 + 8: *(int*)(frame + step->A) = *(int*)(frame + step->B) >= (int)step->Bits ? 1 : 0; step++; continue;
                case CompareWith32 + 9: *(int*)(frame + step->A) = *(uint*)(frame + step->B) >= (uint)step->Bits ? 1 : 0; step++; continue;
                case CompareWith64: *(int*)(frame + step->A) = *(long*)(frame + step->B) == step->Bits ? 1 : 0; step++; continue;
                case CompareWith64 + 1: *(int*)(frame + step->A) = *(long*)(frame + step->B) != step->Bits ? 1 : 0; step++; continue;
                case CompareWith64 + 2: *(int*)(frame + step->A) = *(long*)(frame + step->B) < step->Bits ? 1 : 0; step++; continue;
                case CompareWith64 + 3: *(int*)(frame + step->A) = *(ulong*)(frame + step->B) < (ulong)step->Bits ? 1 : 0; step++; continue;
                case CompareWith64 + 4: *(int*)(frame + step->A) = *(long*)(frame + step->B) > step->Bits ? 1 : 0; step++; continue;
                case CompareWith64 + 5: *(int*)(frame + step->A) = *(ulong*)(frame + step->B) > (ulong)step->Bits ? 1 : 0; step++; continue;
                case CompareWith64 + 6: *(int*)(frame + step->A) = *(long*)(frame + step->B) <= step->Bits ? 1 : 0; step++; continue;
                case CompareWith64 + 7: *(int*)(frame + step->A) = *(ulong*)(frame + step->B) <= (ulong)step->Bits ? 1 : 0; step++; continue;
                case CompareWith64 + 8: *(int*)(frame + step->A) = *(long*)(frame + step->B) >= step->Bits ? 1 : 0; step++; continue;
                case CompareWith64 + 9: *(int*)(frame + step->A) = *(ulong*)(frame + step->B) >= (ulong)step->Bits ? 1 : 0; step++; continue;
                case JumpOn32: if (*(int*)(frame + step->A) == *(int*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn32 + 1: if (*(int*)(frame + step->A) != *(int*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn32 + 2: if (*(int*)(frame + step->A) < *(int*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn32 + 3: if (*(uint*)(frame + step->A) < *(uint*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn32 + 4: if (*(int*)(frame + step->A) > *(int*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn32 + 5: if (*(uint*)(frame + step->A) > *(uint*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn32 + 6: if (*(int*)(frame + step->A) <= *(int*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn32 + 7: if (*(uint*)(frame + step->A) <= *(uint*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn32 + 8: if (*(int*)(frame + step->A) >= *(int*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn32 + 9: if (*(uint*)(frame + step->A) >= *(uint*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64: if (*(long*)(frame + step->A) == *(long*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64 + 1: if (*(long*)(frame + step->A) != *(long*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64 + 2: if (*(long*)(frame + step->A) < *(long*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64 + 3: if (*(ulong*)(frame + step->A) < *(ulong*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64 + 4: if (*(long*)(frame + step->A) > *(long*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64 + 5: if (*(ulong*)(frame + step->A) > *(ulong*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64 + 6: if (*(long*)(frame + step->A) <= *(long*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64 + 7: if (*(ulong*)(frame + step->A) <= *(ulong*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64 + 8: if (*(long*)(frame + step->A) >= *(long*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOn64 + 9: if (*(ulong*)(frame + step->A) >= *(ulong*)(frame + step->B)) goto Taken; step++; continue;
                case JumpOnWith32: if (*(int*)(frame + step->A) == (int)step->Bits) goto Taken; step++; continue;
                case JumpOnWith32 + 1: if (*(int*)(frame + step->A) != (int)step->Bits) goto Taken; step++; continue;
                case JumpOnWith32 + 2: if (*(int*)(frame + step->A) < (int)step->Bits) goto Taken; step++; continue;
                case JumpOnWith32 + 3: if (*(uint*)(frame + step->A) < (uint)step->Bits) goto Taken; step++; continue;
                case JumpOnWith32 + 4: if (*(int*)(frame + step->A) > (int)step->Bits) goto Taken; step++; continue;
                case JumpOnWith32 + 5: if (*(uint*)(frame + step->A) > (uint)step->Bits) goto Taken; step++; continue;
                case JumpOnWith32 + 6: if (*(int*)(frame + step->A) <= (int)step->Bits) goto Taken; step++; continue;
                case JumpOnWith32 + 7: if (*(uint*)(frame + step->A) <= (uint)step->Bits) goto Taken; step++; continue;
                case JumpOnWith32 + 8: if (*(int*)(frame + step->A) >= (int)step->Bits) goto Taken; step++; continue;
                case JumpOnWith32 + 9: if (*(uint*)(frame + step->A) >= (uint)step->Bits) goto Taken; step++; continue;
                case JumpOnWith64: if (*(long*)(frame + step->A) == step->Bits) goto Taken; step++; continue;
                case JumpOnWith64 + 1: if (*(long*)(frame + step->A) != step->Bits) goto Taken; step++; continue;
                case JumpOnWith64 + 2: if (*(long*)(frame + step->A) < step->Bits) goto Taken; step++; continue;
                case JumpOnWith64 + 3: if (*(ulong*)(frame + step->A) < (ulong)step->Bits) goto Taken; step++; continue;
                case JumpOnWith64 + 4: if (*(long*)(frame + step->A) > step->Bits) goto Taken; step++; continue;
                case JumpOnWith64 + 5: if (*(ulong*)(frame + step->A) > (ulong)step->Bits) goto Taken; step++; continue;
                case JumpOnWith64 + 6: if (*(long*)(frame + step->A) <= step->Bits) goto Taken; step++; continue;
                case JumpOnWith64 + 7: if (*(ulong*)(frame + step->A) <= (ulong)step->Bits) goto Taken; step++; continue;
                case JumpOnWith64 + 8: if (*(long*)(frame + step->A) >= step->Bits) goto Taken; step++; continue;
                case JumpOnWith64 + 9: if (*(ulong*)(frame + step->A) >= (ulong)step->Bits) goto Taken; step++; continue;
                case MoveVector:
                    var low = frame[step->B];
                    frame[step->A + 1] = frame[step->B + 1];
                    frame[step->A] = low;
                    step++;
                    continue;
                case MoveMany:
                    for (var i = 0; i < step->C; i++)
                        frame[step->A + i] = frame[step->B + i];
                    step++;
                    continue;
                case LoopHead:
                    stack.Ip = step;
                    stack.Guard.Look();
                    step++;
                    continue;
                case CountCall:
                    if (--stack.Code!.Warmth < 0)
                        WarmUp(stack);
                    step++;
                    continue;
                case CountLoop:
                    stack.Ip = step;
                    stack.Guard.Look();
                    if (--stack.Code!.Warmth < 0 && RunRest(stack, step, frame)) goto Returned;
                    step++;
                    continue;
                case CallCompiled:
                    RunCompiled(stack, frame);
                    goto Returned;
                case Pay:
                    stack.Guard.Fuel -= step->A;
                    step++;
                    continue;
                case TakeStack:
                    stack.Ip = step;
                    if ((stack.Guard.StackLeft -= stack.Code!.StackCost) < 0) goto Exhausted;
                    step++;
                    continue;
                case Ask:
                    if (stack.Guard.Fuel < 0) goto FuelExhausted;
                    step++;
                    continue;
                case JumpTable:
                    step += 1 + Math.Min(*(uint*)(frame + step->B), step->A - 1);
                    continue;
                case ReturnOne:
                    *frame = frame[step->B];
                    goto Returned;
                case ReturnAll:
                    ReturnMany(stack, step, frame);
                    goto Returned;
                case CallOwn:
                    stack.Ip = step;
                    var callee = stack.Functions[step->B] ?? Make(stack, step->B);
                    var callers = stack.Callers;
                    var depth = stack.Depth + 1;
                    if (stack.Limit - (frame + step->A) < callee.Slots) goto Exhausted;
                    stack.Guard.Look();
                    if ((uint)depth >= (uint)callers.Length)
                        callers = stack.GrowCallers();
                    if (callee.References != 0)
                        stack.Reserve(stack.FirstReference + step->C + callee.References);
                    ref var caller = ref callers[depth];
                    caller.Ip = step;
                    caller.Frame = frame;
                    caller.FirstReference = stack.FirstReference;
                    // The frames of a recursion mostly find what they would write; a write that the collector must know of costs more than a compare.
                    if (caller.Code != stack.Code)
                        caller.Code = stack.Code;
                    if (caller.Instance != stack.Instance)
                        caller.Instance = stack.Instance;
                    stack.Depth = depth;
                    frame += step->A;
                    stack.Frame = frame;
                    if (callee.References != 0)
                        EnterReferences(stack, callee, stack.FirstReference + step->C);
                    else
                        stack.FirstReference += step->C;
                    if (stack.Code != callee)
                        stack.Code = callee;
                    for (var i = callee.ParameterSlots; i < callee.VariableSlots; i++)
                        frame[i] = 0;
                    step = callee.First;
                    continue;
                default:
                    stack.Ip = step;
                    step = Rarely(stack, step, frame);
                    frame = stack.Frame;
                    memory = stack.Memory;
                    if (step is null) goto Returned;
                    continue;
            }

            Taken:
            step = (Step*)((byte*)step + step->C);
            continue;

            Returned:
            stack.Guard.StackLeft += stack.Code!.StackCost;
            if (stack.Depth == stack.Base)
                return;
            ref var back = ref stack.Callers[stack.Depth--];
            step = back.Ip + 1;
            frame = back.Frame;
            stack.Frame = frame;
            stack.FirstReference = back.FirstReference;
            if (stack.Code != back.Code)
                stack.Code = back.Code;
            if (stack.Instance != back.Instance)
            {
                stack.Use(back.Instance);
                memory = stack.Memory;
            }

            continue;

            OutOfBounds:
            Throw(stack, step, TrapKind.MemoryOutOfBounds);
            DivideByZero:
            Throw(stack, step, TrapKind.IntegerDivideByZero);
            Overflow:
            Throw(stack, step, TrapKind.IntegerOverflow);
            Exhausted:
            Throw(stack, step, TrapKind.StackExhausted);
            FuelExhausted:
            Throw(stack, step, TrapKind.FuelExhausted);
        }
    }

    [DoesNotReturn]
    static void Throw(InterpreterStack stack, Step* step, TrapKind kind)
    {
        stack.Ip = step;
        throw new Trap(kind);
    }
}
