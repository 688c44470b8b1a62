namespace Allotrope.Wasm;

/// <content>Null tests, calls through references, and calls that take the place of their caller.</content>
sealed partial class FunctionValidator
{
    void CheckReference(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.RefEq:
                _operands.Pop(ValueKind.EqRef, at);
                _operands.Pop(ValueKind.EqRef, at);
                _operands.Push(ValueKind.I32);
                break;
            case Opcode.RefAsNonNull: _operands.Push(PopReference(at).WithNull(false)); break;
            case Opcode.BrOnNull: CheckBranchOnNull(instruction.Index, at); break;
            default: CheckBranchOnNonNull(instruction.Index, at); break;
        }
    }

    /// <summary>A reference of any type; in code that is never reached perhaps of none that is known.</summary>
    WasmType PopReference(int at) => _operands.Pop(at) switch
    {
        null => WasmType.Reference(ValueKinds.Bottom, nullable: false),
        { IsReference: true } type => type,
        { } other => throw new InvalidModuleException($"type mismatch: {other} where a reference is expected", at),
    };

    /// <summary>Branches without the null and goes on with what is not null.</summary>
    void CheckBranchOnNull(int depth, int at)
    {
        var type = PopReference(at);
        var taken = Label(depth, at).Branch;
        _operands.Pop(taken, at);
        _operands.Push(taken);
        _operands.Push(type.WithNull(false));
    }

    /// <summary>Branches with what is not null and goes on without the null.</summary>
    void CheckBranchOnNonNull(int depth, int at)
    {
        var type = PopReference(at);
        var taken = Label(depth, at).Branch;
        if (taken is not [.. var rest, var last] || !type.WithNull(false).Matches(last))
            throw new InvalidModuleException($"type mismatch: the label takes no {type} as its last operand", at);
        _operands.Pop(rest, at);
        _operands.Push(rest);
    }

    void CheckTailOrReferenceCall(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        _facts.LeavesForOthers |= instruction.Opcode switch
        {
            Opcode.CallRef => false,
            Opcode.ReturnCall => instruction.Index < image.ImportedFunctions,
            _ => true,
        };
        switch (instruction.Opcode)
        {
            case Opcode.ReturnCall: CheckTail(image.Functions[Known(instruction.Index, image.Functions.Count, "function", at)], at); break;
            case Opcode.ReturnCallIndirect: CheckTail(PopIndirect(instruction), at); break;
            case Opcode.CallRef: CheckCall(PopCallee(instruction), at); break;
            default: CheckTail(PopCallee(instruction), at); break;
        }
    }

    FunctionType PopCallee(in Instruction instruction)
    {
        var callee = image.FunctionTypeAt(instruction.Index, instruction.ByteOffset);
        _operands.Pop(WasmType.Reference(callee), instruction.ByteOffset);
        return callee;
    }

    /// <summary>The callee takes the caller's place, so what it gives must be what the caller gives.</summary>
    void CheckTail(FunctionType callee, int at)
    {
        if (!AllMatch(callee.Results.AsSpan(), function.Results.AsSpan()))
            throw new InvalidModuleException($"type mismatch: a tail call of {callee} in a function {function}", at);
        CheckCall(callee, at);
        _operands.BecomeBottomless();
    }
}
