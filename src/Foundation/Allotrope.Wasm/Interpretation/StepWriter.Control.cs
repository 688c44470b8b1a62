namespace Allotrope.Wasm;

/// <content>Blocks and branches. What a branch carries goes to its target's homes.</content>
sealed partial class StepWriter
{
    readonly List<SteppedBlock> _blocks = [];
    bool _reachable = true;

    /// <summary>Blocks opened in code that is never reached.</summary>
    int _skippedBlocks;

    void OpenFunction() =>
        _blocks.Add(new SteppedBlock(Opcode.Block, FunctionType.Of([], _type.Results.AsSpan()), 0, _slots, _references, 0));

    void WriteControl(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Unreachable:
                WriteRare(instruction, 0, []);
                CutOff();
                break;
            case Opcode.Nop: break;
            case Opcode.Block or Opcode.TryTable: Open(instruction); break;
            case Opcode.Loop: OpenLoop(instruction); break;
            case Opcode.If: OpenIf(instruction); break;
            case Opcode.Else: WriteElse(); break;
            case Opcode.End: WriteEnd(); break;
            case Opcode.Br: Branch(Target(instruction.Index)); break;
            case Opcode.Return: WriteReturn(); break;
            case Opcode.BrIf: BranchIf(Target(instruction.Index)); break;
            case Opcode.BrTable: BranchTable(instruction.Targets); break;
            case Opcode.Throw:
                WriteRare(instruction, _image.Tags[instruction.Index].Parameters.Length, []);
                CutOff();
                break;
            case Opcode.ThrowRef:
                WriteRare(instruction, 1, []);
                CutOff();
                break;
            default: WriteCall(instruction); break;
        }
    }

    /// <summary>Code that is never reached is left out; only its blocks are counted.</summary>
    void Skip(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If or Opcode.TryTable: _skippedBlocks++; break;
            case Opcode.End when _skippedBlocks > 0: _skippedBlocks--; break;
            case Opcode.End: WriteEnd(); break;
            case Opcode.Else when _skippedBlocks == 0: WriteElse(); break;
        }
    }

    SteppedBlock Target(int depth) => _blocks[^(depth + 1)];

    SteppedBlock Open(in Instruction instruction)
    {
        var type = instruction.BlockType!;
        DetachAll();
        SettleTop(type.Parameters.Length);
        var (slots, references) = Extent(type.Parameters.AsSpan());
        var block = new SteppedBlock(
            instruction.Opcode, type, _operands.Count - type.Parameters.Length, _slots - slots, _references - references, _steps.Count)
        {
            Catches = instruction.Catches,
        };
        _blocks.Add(block);
        _openTries += block.Kind == Opcode.TryTable ? 1 : 0;
        _producer = -1;
        return block;
    }

    void OpenLoop(in Instruction instruction)
    {
        if (!_isCounted)
        {
            Open(instruction);
            Emit(new Step { Code = StepCodes.LoopHead });
            PayForIteration();
            return;
        }

        // Compiled code that goes on from here looks for all operands at home. Constants are brought there but remain what they are: who uses them may be
        // reached without the loop, as by the other arm of an if.
        var isEnterable = _openTries == 0 && _operands.Count <= HotLoop.MostOperands;
        foreach (var operand in _operands)
        {
            if (isEnterable && operand.IsConstant)
                MoveTo(operand.Home, operand);
        }

        Open(instruction);
        Emit(new Step { Code = StepCodes.CountLoop, Bits = _loops.Count });
        _loops.Add(new HotLoop(instruction.ByteOffset, isEnterable));
        PayForIteration(); // by who begins the iteration: the interpreter, or compiled code that goes on from here
    }

    void OpenIf(in Instruction instruction)
    {
        var condition = PopCondition(negated: true);
        DetachAll();
        SettleTop(instruction.BlockType!.Parameters.Length);
        var jump = Emit(condition);
        Open(instruction).Otherwise = jump;
    }

    void WriteElse()
    {
        var block = _blocks[^1];
        if (_reachable)
        {
            SettleTop(block.Type.Results.Length);
            block.Jumps.Add(Emit(new Step { Code = StepCodes.Jump }));
        }

        CutTo(block.Height);
        Land(block.Otherwise);
        block.Otherwise = -1;
        PushAll(block.Type.Parameters.AsSpan());
        _reachable = true;
    }

    void WriteEnd()
    {
        var block = _blocks[^1];
        var results = block.Type.Results.AsSpan();
        var joins = block.Jumps.Count > 0 || block.Otherwise >= 0;
        if (_reachable && joins)
            SettleTop(results.Length);
        if (block.Kind == Opcode.TryTable)
            CloseTry(block);
        foreach (var jump in block.Jumps)
            Land(jump);
        if (block.Otherwise >= 0)
            Land(block.Otherwise); // an if without else hands its operands on
        _blocks.RemoveAt(_blocks.Count - 1);
        if (joins || !_reachable)
        {
            CutTo(block.Height);
            if (joins)
                PushAll(results);
            _reachable = joins;
        }

        if (_blocks.Count == 0 && _reachable)
            EmitReturn();
    }

    void PushAll(ReadOnlySpan<WasmType> types)
    {
        foreach (var type in types)
            Push(type.Kind);
    }

    /// <summary>The step jumps to here.</summary>
    void Land(int step)
    {
        Aim(step, _steps.Count);
        _producer = -1;
    }

    unsafe void Aim(int step, int target)
    {
        var distance = (target - step) * sizeof(Step);
        ref var jump = ref At(step);
        if (jump.Code == StepCodes.Rare)
            _rare[(int)jump.Bits].Jump = distance;
        else
            jump.C = distance;
    }

    /// <summary>Makes a step jump to a block's label.</summary>
    void AimAt(SteppedBlock target, int step)
    {
        if (target.Kind == Opcode.Loop)
            Aim(step, target.Start);
        else
            target.Jumps.Add(step);
    }

    void Branch(SteppedBlock target)
    {
        EmitCarry(target);
        AimAt(target, Emit(new Step { Code = StepCodes.Jump }));
        CutOff();
    }

    void BranchIf(SteppedBlock target)
    {
        var negated = NeedsCarry(target, besides: 1);
        var condition = PopCondition(negated);
        SettleTop(target.Branch.Length);
        var jump = Emit(condition);
        if (!negated)
        {
            AimAt(target, jump);
            return;
        }

        EmitCarry(target);
        AimAt(target, Emit(new Step { Code = StepCodes.Jump }));
        Land(jump);
    }

    /// <summary>Whether a branch has to move what it carries, which is below some more operands.</summary>
    bool NeedsCarry(SteppedBlock target, int besides) =>
        target.Branch.Length > 0 && _operands.Count - besides - target.Branch.Length != target.Height;

    /// <summary>Moves what a branch carries to the target's homes. The operands stay for the other ways.</summary>
    void EmitCarry(SteppedBlock target)
    {
        var count = target.Branch.Length;
        if (count == 1 && _operands[^1] is { Kind.IsReference: false } operand)
        {
            if (operand.IsConstant || operand.Place != target.Slot)
                MoveTo(target.Slot, operand);
            return;
        }

        SettleTop(count);
        if (!NeedsCarry(target, besides: 0))
            return;
        var (slots, references) = Extent(target.Branch);
        if (slots > 0)
            Emit(new Step { Code = StepCodes.MoveMany, A = target.Slot, B = _slots - slots, C = (int)slots });
        if (references > 0)
            EmitRare(new Instruction { Opcode = MoveReferences, Index = (int)references, Targets = [], Catches = [] }, target.Reference, _references - references, default);
    }

    void BranchTable(int[] targets)
    {
        var index = Take();
        var arity = Target(targets[^1]).Branch.Length;
        SettleTop(arity);
        Emit(new Step { Code = StepCodes.JumpTable, A = (uint)targets.Length, B = index });
        var first = _steps.Count;
        foreach (var depth in targets)
        {
            var jump = Emit(new Step { Code = StepCodes.Jump });
            if (!NeedsCarry(Target(depth), besides: 0))
                AimAt(Target(depth), jump);
        }

        var carries = new Dictionary<int, int>();
        for (var i = 0; i < targets.Length; i++)
        {
            var target = Target(targets[i]);
            if (!NeedsCarry(target, besides: 0))
                continue;
            if (!carries.TryGetValue(targets[i], out var at))
            {
                carries[targets[i]] = at = _steps.Count;
                EmitCarry(target);
                AimAt(target, Emit(new Step { Code = StepCodes.Jump }));
            }

            Aim(first + i, at);
        }

        CutOff();
    }

    void WriteReturn()
    {
        EmitReturn();
        CutOff();
    }

    /// <summary>Returns the topmost operands: slots from B on, references from C on.</summary>
    void EmitReturn()
    {
        var count = _type.Results.Length;
        if (count == 1 && _operands[^1] is { Kind: not ValueKind.V128 and var kind } && !kind.IsReference)
        {
            if (_operands[^1].IsConstant)
                Settle(_operands.Count - 1);
            Emit(new Step { Code = StepCodes.ReturnOne, B = _operands[^1].Place });
            return;
        }

        SettleTop(count);
        var (slots, references) = Extent(_type.Results.AsSpan());
        Emit(new Step { Code = StepCodes.ReturnAll, B = _slots - slots, C = (int)(_references - references) });
    }

    /// <summary>The rest of the block is never reached.</summary>
    void CutOff()
    {
        CutTo(_blocks[^1].Height);
        _reachable = false;
    }

    /// <summary>
    /// Pops a condition and gives the jump for it: with the comparison that made it, when nothing was in between. What it reads stays as it is
    /// until the jump.
    /// </summary>
    Step PopCondition(bool negated)
    {
        var producer = _producer;
        if (producer < 0 || !_operands[^1].IsAtHome)
        {
            var place = Take();
            return new Step { Code = negated ? StepCodes.JumpUnless : StepCodes.JumpIf, B = place };
        }

        var made = At(producer);
        var jump = JumpFor(made, negated);
        if (jump.Code == default)
            return new Step { Code = negated ? StepCodes.JumpUnless : StepCodes.JumpIf, B = Pop().Place };
        Pop();
        _steps.RemoveAt(producer);
        _offsets.RemoveAt(producer);
        _producer = -1;
        return jump;
    }

    static Step JumpFor(in Step made, bool negated)
    {
        const int each = StepCodes.Comparisons;
        switch (made.Code)
        {
            case Opcode.I32Eqz: return new Step { Code = negated ? StepCodes.JumpIf : StepCodes.JumpUnless, B = made.B };
            case Opcode.I64Eqz: return new Step { Code = StepCodes.JumpOnWith64 + (negated ? 1 : 0), A = made.B };
            case >= Opcode.I32Eq and <= Opcode.I32GeU:
                return new Step { Code = StepCodes.JumpOn32 + Sense(made.Code - Opcode.I32Eq), A = made.B, B = (uint)made.C };
            case >= Opcode.I64Eq and <= Opcode.I64GeU:
                return new Step { Code = StepCodes.JumpOn64 + Sense(made.Code - Opcode.I64Eq), A = made.B, B = (uint)made.C };
            case >= StepCodes.CompareWith32 and < StepCodes.CompareWith32 + each:
                return new Step { Code = StepCodes.JumpOnWith32 + Sense(made.Code - StepCodes.CompareWith32), A = made.B, Bits = made.Bits };
            case >= StepCodes.CompareWith64 and < StepCodes.CompareWith64 + each:
                return new Step { Code = StepCodes.JumpOnWith64 + Sense(made.Code - StepCodes.CompareWith64), A = made.B, Bits = made.Bits };
            default: return default;
        }

        int Sense(int comparison) => negated ? StepCodes.Opposite(comparison) : comparison;
    }

    /// <summary>
    /// Ends the range of a block that catches: behind it, out of the way of what falls through, is a landing for each clause, from where the
    /// exception's values go on to the label.
    /// </summary>
    void CloseTry(SteppedBlock block)
    {
        _openTries--;
        var end = _steps.Count;
        var over = _reachable ? Emit(new Step { Code = StepCodes.Jump }) : -1;
        var (slots, references) = (block.Slot, block.Reference);
        var landings = new int[block.Catches.Length];
        for (var i = 0; i < landings.Length; i++)
        {
            landings[i] = _steps.Count;
            WriteLanding(Target(block.Catches[i].Label + 1)); // the block that catches is still there
        }

        _catches.Add(new CatchRange(block.Start, end, slots, (int)references, block.Catches, landings));
        if (over >= 0)
            Land(over);
    }

    /// <summary>The exception's values are put from the catching block's homes on.</summary>
    void WriteLanding(SteppedBlock target)
    {
        var block = _blocks[^1];
        var (slots, references) = Extent(target.Branch);
        _mostSlots = Math.Max(_mostSlots, block.Slot + slots);
        _mostReferences = Math.Max(_mostReferences, block.Reference + references);
        if (slots > 0 && target.Slot != block.Slot)
            Emit(new Step { Code = StepCodes.MoveMany, A = target.Slot, B = block.Slot, C = (int)slots });
        if (references > 0 && target.Reference != block.Reference)
            EmitRare(new Instruction { Opcode = MoveReferences, Index = (int)references, Targets = [], Catches = [] }, target.Reference, block.Reference, default);
        AimAt(target, Emit(new Step { Code = StepCodes.Jump }));
    }
}
