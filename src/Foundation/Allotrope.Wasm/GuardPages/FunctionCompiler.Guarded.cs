using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Allotrope.Wasm;

/// <content>
/// Accesses without checks. What faults must be exactly the access that WebAssembly has, not what the just-in-time compiler thinks enough of it: it
/// reads only the bytes of a load that somebody uses (a load that is only dropped becomes one of four bytes, or of one), and makes one store of
/// several adjacent ones. Near the end of a memory both make a difference. Loads by instructions of vectors are left alone and cost nothing more, and so
/// are volatile stores.
/// </content>
sealed partial class FunctionCompiler
{
    bool IsGuarded(in Instruction access) =>
        _module.IsGuarded && !_image.Memories[access.Index].Limits.IsWide && (ulong)access.Bits <= GuardPages.FurthestOffset;

    /// <summary>Pops the address and leaves the machine's on the IL stack.</summary>
    void LoadGuardedAddress(in Instruction access)
    {
        _operands.LoadAddress();
        ToMachineAddress(access, (ulong)access.Bits);
    }

    /// <summary>
    /// It must not go through a variable: the just-in-time compiler holds whatever is at a fixed distance from a variable's value that was read at
    /// once for readable too, and leaves out loads from there that nobody uses.
    /// </summary>
    void ToMachineAddress(in Instruction access, ulong offset)
    {
        _il.Emit(OpCodes.Ldloc, _bases[access.Index]);
        _il.Emit(OpCodes.Add);
        AddOffset(offset);
    }

    /// <summary>Touches the last of two bytes first, as no instruction loads just two into where nobody narrows it.</summary>
    void LoadGuardedPair(in Instruction access)
    {
        var address = _operands.Take();
        _frame.LoadAddress(address);
        ToMachineAddress(access, (ulong)access.Bits + 1);
        _il.Emit(OpCodes.Ldind_U1);
        _il.Emit(OpCodes.Pop);
        _frame.LoadAddress(address);
        _frame.Release(address);
        ToMachineAddress(access, (ulong)access.Bits);
        _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(OpCodes.Ldind_U2);
    }

    /// <summary>Loads 1, 2, 4 or 8 bytes as an integer, exactly those, and without a sign if it is less than four.</summary>
    void LoadGuarded(in Instruction access, int width)
    {
        switch (width)
        {
            case 1:
                LoadGuardedAddress(access);
                _il.Emit(OpCodes.Ldind_U1);
                break;
            case 2:
                LoadGuardedPair(access);
                break;
            case 4: LoadGuardedScalar(access, typeof(int)); break;
            default: LoadGuardedScalar(access, typeof(long)); break;
        }
    }

    /// <summary>movd, movq, movss or movsd; when the value is wanted in another register, directly there.</summary>
    void LoadGuardedScalar(in Instruction access, Type type)
    {
        LoadGuardedVector(access, type);
        _il.Emit(OpCodes.Call, Members.Generic(typeof(Vector128), nameof(Vector128.ToScalar), type));
    }

    /// <summary>A number with zeros beside it, as a vector.</summary>
    void LoadGuardedVector(in Instruction access, Type type)
    {
        LoadGuardedAddress(access);
        var set = type == typeof(float) ? typeof(Sse) : typeof(Sse2);
        _il.Emit(OpCodes.Call, Members.Method(set, nameof(Sse2.LoadScalarVector128), type.MakePointerType()));
    }

    /// <summary>lddqu, which is movups under another name, and never becomes part of another instruction.</summary>
    void LoadGuardedBytes(in Instruction access)
    {
        LoadGuardedAddress(access);
        _il.Emit(OpCodes.Call, Members.Method(typeof(Sse3), nameof(Sse3.LoadDquVector128), typeof(byte*)));
    }

    /// <summary>Loads what the instruction says, before it is extended.</summary>
    void LoadGuarded(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.F32Load: LoadGuardedScalar(instruction, typeof(float)); break;
            case Opcode.F64Load: LoadGuardedScalar(instruction, typeof(double)); break;
            default: LoadGuarded(instruction, 1 << Signatures.AccessWidth(instruction.Opcode)); break;
        }

        if (instruction.Opcode is Opcode.I32Load8S or Opcode.I64Load8S)
            _il.Emit(OpCodes.Conv_I1);
        else if (instruction.Opcode is Opcode.I32Load16S or Opcode.I64Load16S)
            _il.Emit(OpCodes.Conv_I2);
    }
}
