namespace Allotrope.Wasm;

/// <summary>Checks the types of constant expressions, and that nothing in them depends on what happens later.</summary>
/// <param name="image">The module.</param>
/// <param name="declared">Collects the functions that are referred to.</param>
sealed class ConstantValidator(ModuleImage image, HashSet<int> declared)
{
    /// <param name="expression">What to check.</param>
    /// <param name="wanted">What it must give.</param>
    /// <param name="globals">How many globals have their value by then.</param>
    internal void Expect(in ConstantExpression expression, WasmType wanted, int globals)
    {
        var actual = expression.Single switch
        {
            Opcode.GlobalGet => Global(expression.Operand, globals, expression.ByteOffset),
            Opcode.RefFunc => Function(expression.Operand, expression.ByteOffset),
            null => TypeOf(expression, globals),
            _ => expression.Type,
        };
        if (!actual.Matches(wanted))
        {
            throw new InvalidModuleException(
                $"type mismatch: a constant expression gives {actual} where {wanted} is expected", expression.ByteOffset);
        }
    }

    WasmType TypeOf(in ConstantExpression expression, int globals)
    {
        var operands = new OperandTypes();
        var reader = new InstructionReader(image, expression.ByteOffset, expression.End);
        for (var next = reader.Next(); next.Opcode != Opcode.End; next = reader.Next())
            Check(next, operands, globals);
        var kind = operands.Pop(expression.ByteOffset)!.Value;
        operands.Leave(default, expression.ByteOffset);
        return kind;
    }

    void Check(in Instruction instruction, OperandTypes operands, int globals)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.GlobalGet: operands.Push(Global(instruction.Index, globals, at)); break;
            case Opcode.RefFunc: operands.Push(Function(instruction.Index, at)); break;
            case Opcode.RefNull: operands.Push(instruction.Type); break;
            case >= Opcode.StructNew and <= Opcode.I31GetU: CheckHeap(instruction, operands); break;
            default:
                var signature = Signatures.Of(instruction.Opcode)!;
                operands.Pop(signature.Parameters.AsSpan(), at);
                operands.Push(signature.Results.AsSpan());
                break;
        }
    }

    void CheckHeap(in Instruction instruction, OperandTypes operands)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case <= Opcode.StructNewDefault: HeapTypes.CheckNew(instruction, HeapTypes.Struct(image, instruction.Index, at), operands); break;
            case <= Opcode.ArrayNewFixed: HeapTypes.CheckNew(instruction, HeapTypes.Array(image, instruction.Index, at), operands); break;
            case Opcode.RefI31:
                operands.Pop(ValueKind.I32, at);
                operands.Push(WasmType.Reference(ValueKind.I31Ref, nullable: false));
                break;
            case Opcode.AnyConvertExtern:
                operands.Push(WasmType.Reference(ValueKind.AnyRef, operands.Pop(ValueKind.ExternRef, at)!.Value.IsNullable));
                break;
            default:
                operands.Push(WasmType.Reference(ValueKind.ExternRef, operands.Pop(ValueKind.AnyRef, at)!.Value.IsNullable));
                break;
        }
    }

    /// <summary>Only constants that are already there keep their value.</summary>
    WasmType Global(long index, int known, int at)
    {
        if ((ulong)index >= (ulong)known)
            throw new InvalidModuleException($"unknown global {index}", at);
        var global = image.Globals[(int)index];
        return global.Mutable ? throw new InvalidModuleException("constant expression required", at) : global.Type;
    }

    WasmType Function(long index, int at)
    {
        if ((ulong)index >= (ulong)image.Functions.Count)
            throw new InvalidModuleException($"unknown function {index}", at);
        declared.Add((int)index);
        return WasmType.Reference(image.Functions[(int)index], nullable: false);
    }
}
