namespace Allotrope.Wasm;

/// <content>Calls, references, tables, vectors and atomics: all with their operands at home.</content>
sealed partial class StepWriter
{
    void WriteCall(in Instruction instruction)
    {
        var isTail = instruction.Opcode is Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef;
        var type = instruction.Opcode is Opcode.Call or Opcode.ReturnCall
            ? _image.Functions[instruction.Index]
            : (FunctionType)_image.Types[instruction.Index];
        var results = isTail ? [] : type.Results.AsSpan();
        if (instruction.Opcode == Opcode.Call && instruction.Index >= _image.ImportedFunctions)
        {
            SettleTop(type.Parameters.Length);
            for (var i = 0; i < type.Parameters.Length; i++)
                Pop();
            Emit(new Step { Code = StepCodes.CallOwn, A = _slots, B = (uint)instruction.Index, C = (int)_references });
            PushAll(results);
        }
        else
        {
            var callee = instruction.Opcode is Opcode.Call or Opcode.ReturnCall ? 0 : 1;
            WriteRare(instruction, type.Parameters.Length + callee, [], type);
            PushAll(results);
            if (isTail)
                MakeRoom(type.Results.AsSpan());
        }

        if (isTail)
            CutOff();
    }

    /// <summary>What is called for good but not interpreted leaves its results here, from where they are returned.</summary>
    void MakeRoom(ReadOnlySpan<WasmType> types)
    {
        var (slots, references) = Extent(types);
        _mostSlots = Math.Max(_mostSlots, _slots + slots);
        _mostReferences = Math.Max(_mostReferences, _references + references);
    }

    void WriteReference(in Instruction instruction)
    {
        var opcode = instruction.Opcode;
        var index = instruction.Index;
        switch (opcode)
        {
            case Opcode.RefIsNull or Opcode.RefTest or Opcode.RefTestNull: WriteRare(instruction, 1, [ValueKind.I32], _operands[^1].Kind); break;
            case Opcode.RefFunc: WriteRare(instruction, 0, [ValueKind.FuncRef]); break;
            case Opcode.RefEq: WriteRare(instruction, 2, [ValueKind.I32]); break;
            case Opcode.RefAsNonNull: WriteRare(instruction, 1, [_operands[^1].Kind]); break;
            case Opcode.RefCast or Opcode.RefCastNull: WriteRare(instruction, 1, [instruction.Type.Kind]); break;
            case Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail: BranchOnReference(instruction); break;
            case Opcode.AnyConvertExtern: WriteRare(instruction, 1, [ValueKind.AnyRef]); break;
            case Opcode.ExternConvertAny: WriteRare(instruction, 1, [ValueKind.ExternRef]); break;
            case Opcode.RefI31: WriteRare(instruction, 1, [ValueKind.I31Ref]); break;
            case Opcode.I31GetS or Opcode.I31GetU or Opcode.ArrayLen: WriteRare(instruction, 1, [ValueKind.I32]); break;
            case Opcode.StructNew: WriteRare(instruction, StructAt(index).Fields.Length, [ValueKind.StructRef], StructAt(index)); break;
            case Opcode.StructNewDefault: WriteRare(instruction, 0, [ValueKind.StructRef], StructAt(index)); break;
            case <= Opcode.StructGetU: WriteRare(instruction, 1, [StructAt(index).Fields[instruction.Second].Type], StructAt(index)); break;
            case Opcode.StructSet: WriteRare(instruction, 2, [], StructAt(index)); break;
            default: WriteArray(instruction); break;
        }
    }

    StructType StructAt(int index) => (StructType)_image.Types[index];

    void WriteArray(in Instruction instruction)
    {
        var element = ((ArrayType)_image.Types[instruction.Index]).Element;
        var (operands, results) = instruction.Opcode switch
        {
            Opcode.ArrayNew => (2, ValueKind.ArrayRef),
            Opcode.ArrayNewDefault => (1, ValueKind.ArrayRef),
            Opcode.ArrayNewFixed => (instruction.Second, ValueKind.ArrayRef),
            Opcode.ArrayNewData or Opcode.ArrayNewElem => (2, ValueKind.ArrayRef),
            Opcode.ArrayGet or Opcode.ArrayGetS or Opcode.ArrayGetU => (2, element.Type.Kind),
            Opcode.ArraySet => (3, default),
            Opcode.ArrayFill => (4, default),
            Opcode.ArrayCopy => (5, default),
            _ => (4, default(ValueKind)),
        };
        var access = ArrayAccess.Of(element);
        if (results == default)
            WriteRare(instruction, operands, [], access);
        else
            WriteRare(instruction, operands, [results], access);
    }

    /// <summary>
    /// The reference is tested where it is, and stays for both ways; the step jumps when the label is not the way to go, over what is carried there.
    /// </summary>
    void BranchOnReference(in Instruction instruction)
    {
        var target = Target(instruction.Index);
        var opcode = instruction.Opcode;
        // Not one more: what is below the block's operands must be where it is on every way that leads behind the block.
        SettleTop(target.Branch.Length + (opcode == Opcode.BrOnNull ? 1 : 0));
        var reference = _operands[^1];
        var test = EmitRare(instruction, 0, reference.Place, reference.Kind);
        if (opcode == Opcode.BrOnNull)
        {
            Pop();
            EmitCarry(target);
            AimAt(target, Emit(new Step { Code = StepCodes.Jump }));
            Push(reference);
        }
        else
        {
            EmitCarry(target);
            AimAt(target, Emit(new Step { Code = StepCodes.Jump }));
        }

        Land(test);
        if (opcode == Opcode.BrOnNonNull)
            Pop();
        else if (opcode == Opcode.BrOnCastFail)
            Rename(instruction.Type.Kind);
    }

    void Rename(ValueKind kind)
    {
        var operand = Pop();
        Push(operand with { Kind = kind });
    }

    void WriteTable(in Instruction instruction)
    {
        var opcode = instruction.Opcode;
        if (opcode is >= Opcode.MemoryInit and <= Opcode.MemoryFill)
        {
            WriteRare(instruction, opcode == Opcode.DataDrop ? 0 : 3, [], IsWide(instruction));
            return;
        }

        var table = opcode == Opcode.ElemDrop ? null : _image.Tables[opcode == Opcode.TableInit ? instruction.Second : instruction.Index];
        switch (opcode)
        {
            case Opcode.TableGet: WriteRare(instruction, 1, [table!.Element], table.Limits.IsWide); break;
            case Opcode.TableSet: WriteRare(instruction, 2, [], table!.Limits.IsWide); break;
            case Opcode.TableSize: WriteRare(instruction, 0, [table!.Limits.Address]); break;
            case Opcode.TableGrow: WriteRare(instruction, 2, [table!.Limits.Address], table.Limits.IsWide); break;
            case Opcode.ElemDrop: WriteRare(instruction, 0, []); break;
            default: WriteRare(instruction, 3, [], IsWide(instruction)); break;
        }
    }

    /// <summary>For each operand of a bulk instruction whether it has 64 bits.</summary>
    (bool First, bool Second, bool Third) IsWide(in Instruction instruction)
    {
        var kinds = _operands.Count >= 3 ? (_operands[^3].Kind, _operands[^2].Kind, _operands[^1].Kind) : default;
        return (kinds.Item1 == ValueKind.I64, kinds.Item2 == ValueKind.I64, kinds.Item3 == ValueKind.I64);
    }

    void WriteVectorOrAtomic(in Instruction instruction)
    {
        if (instruction.Opcode >= AtomicSignatures.First)
        {
            var atomic = Signatures.Of(instruction.Opcode)!;
            WriteRare(instruction, atomic.Parameters.Length, atomic.Results.AsSpan());
            return;
        }

        var opcode = _options.Deterministic ? RelaxedVectors.Strict(instruction.Vector) : RelaxedVectors.Either(instruction.Vector);
        if (opcode == VectorOpcode.V128Const)
        {
            PushConstant(ValueKind.V128, instruction.Bits, instruction.High);
            return;
        }

        var signature = Signatures.Of((Opcode)opcode)!;
        var rare = WriteRare(instruction with { Opcode = (Opcode)opcode }, signature.Parameters.Length, signature.Results.AsSpan());
        InterpretedVectors.Prepare(rare, _options.Deterministic);
    }
}
