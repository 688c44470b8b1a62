namespace Allotrope.Wasm;

/// <content>Instructions that do not branch.</content>
sealed partial class StepWriter
{
    void Write(in Instruction instruction)
    {
        var opcode = instruction.Opcode;
        switch (opcode)
        {
            case <= Opcode.ReturnCallRef or Opcode.TryTable: WriteControl(instruction); break;
            case <= Opcode.GlobalSet: WriteVariable(instruction); break;
            case Opcode.TableGet or Opcode.TableSet: WriteTable(instruction); break;
            case <= Opcode.I64Store32: WriteAccess(instruction); break;
            case <= Opcode.MemoryGrow: WriteRare(instruction, opcode == Opcode.MemoryGrow ? 1 : 0, [Address(_image.Memories[instruction.Index].Limits)]); break;
            case <= Opcode.F64Const: PushConstant(Signatures.Of(opcode)!.Results[0].Kind, instruction.Bits); break;
            case <= Opcode.I64Extend32S or (>= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U): WriteNumeric(instruction); break;
            case Opcode.RefNull: PushConstant(instruction.Type.Kind, 0); break;
            case <= Opcode.BrOnNonNull or (>= Opcode.StructNew and < Opcode.I32TruncSatF32S): WriteReference(instruction); break;
            case >= AtomicSignatures.First or >= VectorSignatures.First: WriteVectorOrAtomic(instruction); break;
            default: WriteTable(instruction); break;
        }
    }

    /// <summary>Pays what is due before the instruction there.</summary>
    void PayAt(int byteOffset)
    {
        if (_plan is null || byteOffset == _paidAt)
            return;
        _paidAt = byteOffset;
        if (_plan.PriceAt(byteOffset) is var price and > 0)
            Emit(new Step { Code = StepCodes.Pay, A = (uint)price });
    }

    void PayForIteration()
    {
        PayAt(_next);
        AskFuel();
    }

    void AskFuel()
    {
        if (_plan is not null)
            Emit(new Step { Code = StepCodes.Ask });
    }

    static WasmType Address(Limits limits) => limits.Address;

    void WriteVariable(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Drop: Drop(); break;
            case Opcode.Select or Opcode.SelectTyped: WriteSelect(instruction); break;
            case Opcode.LocalGet: PushVariable(instruction.Index); break;
            case Opcode.LocalSet: SetVariable(instruction.Index); break;
            case Opcode.LocalTee:
                SetVariable(instruction.Index);
                PushVariable(instruction.Index);
                break;
            case Opcode.GlobalGet when _image.IsCell(instruction.Index):
                var cell = Emit(new Step { Code = StepCodes.CellGet, A = NextHome(ValueKind.I64), B = (uint)instruction.Index });
                Push(_image.Globals[instruction.Index].Type.Kind);
                _producer = cell;
                break;
            case Opcode.GlobalSet when _image.IsCell(instruction.Index):
                var value = Take();
                Emit(new Step { Code = StepCodes.CellSet, A = (uint)instruction.Index, B = value });
                break;
            case Opcode.GlobalGet: WriteRare(instruction, 0, [_image.Globals[instruction.Index].Type]); break;
            default: WriteRare(instruction, 1, [], _image.Globals[instruction.Index].Type.Kind); break;
        }
    }

    /// <summary>A reference is forgotten, so that it keeps nothing alive.</summary>
    void Drop()
    {
        var dropped = Pop();
        if (dropped is { Kind.IsReference: true, IsAtHome: true })
            EmitRare(new Instruction { Opcode = MoveNull, Targets = [], Catches = [] }, dropped.Home, 0, dropped.Kind);
    }

    /// <summary>The step that made the value writes the variable itself where nobody needs what was there.</summary>
    void SetVariable(int index)
    {
        var top = _operands[^1];
        var producer = _producer;
        Pop();
        if (top.Variable == index)
            return;
        if (producer >= 0 && top.IsAtHome && _standIns[index] == 0)
        {
            At(producer).A = _variables[index];
            return;
        }

        Detach(index);
        MoveTo(_variables[index], top);
    }

    void WriteSelect(in Instruction instruction)
    {
        var kind = _operands[^2].Kind;
        if (kind.IsReference || kind == ValueKind.V128)
        {
            WriteRare(instruction, 3, [kind], kind);
            return;
        }

        for (var i = _operands.Count - 3; i < _operands.Count; i++)
        {
            if (_operands[i].IsConstant)
                Settle(i);
        }

        var condition = Pop().Place;
        var second = Pop().Place;
        var first = Pop().Place;
        Produce(new Step { Code = StepCodes.Choose, B = first, C = (int)second, Bits = condition }, kind);
    }

    /// <summary>Emits a step and pushes its result.</summary>
    void Produce(Step step, ValueKind kind)
    {
        step.A = NextHome(kind);
        var made = Emit(step);
        Push(kind);
        _producer = made;
    }

    void WriteNumeric(in Instruction instruction)
    {
        var opcode = instruction.Opcode;
        var signature = Signatures.Of(opcode)!;
        var result = signature.Results[0].Kind;
        if (!IsPlain(opcode))
            WriteRare(instruction, signature.Parameters.Length, [result]);
        else if (signature.Parameters.Length == 1)
            Produce(new Step { Code = opcode, B = Take() }, result);
        else
            WriteBinary(opcode, result);
        if (_options.Deterministic && Canonical.MayMakeNaN(opcode))
            Canonicalize(result);
    }

    void Canonicalize(ValueKind kind)
    {
        var home = _operands[^1].Place;
        _producer = EmitRare(new Instruction { Opcode = kind == ValueKind.F32 ? CanonicalNaN32 : CanonicalNaN64, Targets = [], Catches = [] }, home, home, kind);
    }

    /// <summary>Instructions that the interpreter's loop does itself.</summary>
    static bool IsPlain(Opcode opcode) => opcode is not (
        (>= Opcode.F32Ceil and <= Opcode.F32Nearest) or Opcode.F32Min or Opcode.F32Max or Opcode.F32Copysign
        or (>= Opcode.F64Ceil and <= Opcode.F64Nearest) or Opcode.F64Min or Opcode.F64Max or Opcode.F64Copysign
        or (>= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U) or (>= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U)
        or Opcode.F32ConvertI64U or Opcode.F64ConvertI64U or >= Opcode.I32TruncSatF32S);

    void WriteBinary(Opcode opcode, ValueKind result)
    {
        var (left, right) = (_operands[^2], _operands[^1]);
        if (left.IsConstant && !right.IsConstant)
        {
            var mirrored = NumericEmitter.IsCommutative(opcode) ? opcode : StepCodes.IsComparison(opcode) ? StepCodes.Mirror(opcode) : default;
            if (mirrored != default)
            {
                // What is to the right is read from where it is; only its height changes.
                Pop();
                Pop();
                WriteWithConstant(mirrored, right.Place, left, result);
                return;
            }
        }

        if (right.IsConstant && !left.IsConstant && StepCodes.WithConstant(opcode is Opcode.I32Sub ? Opcode.I32Add : opcode is Opcode.I64Sub ? Opcode.I64Add : opcode) is not null)
        {
            Pop();
            Pop();
            WriteWithConstant(opcode, left.Place, right, result);
            return;
        }

        if (left.IsConstant)
            Settle(_operands.Count - 2);
        var second = Take();
        var first = Take();
        Produce(new Step { Code = opcode, B = first, C = (int)second }, result);
    }

    void WriteWithConstant(Opcode opcode, uint place, in SteppedOperand constant, ValueKind result)
    {
        var bits = constant.Kind == ValueKind.I32 ? (int)constant.Bits : constant.Bits;
        if (opcode is Opcode.I32Sub or Opcode.I64Sub)
            (opcode, bits) = (opcode - (Opcode.I32Sub - Opcode.I32Add), unchecked(-bits));
        Produce(new Step { Code = StepCodes.WithConstant(opcode)!.Value, B = place, Bits = bits }, result);
    }

    void WriteAccess(in Instruction instruction)
    {
        var signature = Signatures.Of(instruction.Opcode)!;
        if (instruction.Index != 0 || _image.Memories[0].Limits.IsWide)
        {
            WriteRare(instruction, signature.Parameters.Length, signature.Results.AsSpan());
            return;
        }

        if (instruction.Opcode >= Opcode.I32Store)
        {
            if (_operands[^2].IsConstant)
                Settle(_operands.Count - 2);
            var value = Take();
            var target = Take();
            Emit(new Step { Code = instruction.Opcode, B = target, C = (int)value, Bits = instruction.Bits });
            return;
        }

        Produce(new Step { Code = instruction.Opcode, B = Take(), Bits = instruction.Bits }, signature.Results[0].Kind);
    }

    /// <summary>
    /// An instruction with its operands at home and its results there too: slots from B on, references from C on. A is where the result goes.
    /// </summary>
    RareStep WriteRare(in Instruction instruction, int operands, ReadOnlySpan<WasmType> results, object? data = null)
    {
        SettleTop(operands);
        for (var i = 0; i < operands; i++)
            Pop();
        var rare = new RareStep(instruction) { Data = data };
        _rare.Add(rare);
        var result = results.Length == 1 ? NextHome(results[0].Kind) : 0;
        var at = Emit(new Step { Code = StepCodes.Rare, A = result, B = _slots, C = (int)_references, Bits = _rare.Count - 1 });
        PushAll(results);
        if (results.Length == 1)
            _producer = at;
        return rare;
    }
}
