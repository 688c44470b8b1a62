using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Blocks and branches. At every label the IL stack is empty: what a branch carries goes through temporaries of its target.</content>
sealed partial class FunctionCompiler
{
    readonly List<BlockEmission> _blocks = [];
    bool _reachable = true;

    /// <summary>Blocks opened in code that is never reached.</summary>
    int _skippedBlocks;

    void OpenFunction() =>
        _blocks.Add(new BlockEmission(Opcode.Block, FunctionType.Of([], _type.Results.AsSpan()), Height: 0, _il.DefineLabel(), Region)
        {
            IsReturn = _type.Results.Length < 2 && !_facts.HasTry,
        });

    void EmitControl(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Unreachable:
                CutOff();
                EmitTrap(TrapKind.Unreachable, _byteOffset);
                break;
            case Opcode.Nop: break;
            case Opcode.TryTable: OpenTry(instruction); break;
            case Opcode.Throw or Opcode.ThrowRef: EmitThrow(instruction); break;
            case Opcode.Block: Open(Opcode.Block, instruction.BlockType!); break;
            case Opcode.Loop: OpenLoop(instruction.BlockType!, instruction.ByteOffset); break;
            case Opcode.If: OpenIf(instruction.BlockType!); break;
            case Opcode.Else: EmitElse(); break;
            case Opcode.End: EmitEnd(); break;
            case Opcode.Br: EmitBranch(Target(instruction.Index)); break;
            case Opcode.BrIf: EmitBranchIf(Target(instruction.Index)); break;
            case Opcode.BrTable: EmitBranchTable(instruction.Targets); break;
            case Opcode.Return: EmitBranch(_blocks[0]); break;
            case Opcode.Call: EmitCall(instruction.Index); break;
            case Opcode.CallIndirect: EmitCallIndirect(instruction); break;
            case Opcode.CallRef: EmitCallRef((FunctionType)_image.Types[instruction.Index]); break;
            case >= Opcode.ReturnCall and <= Opcode.ReturnCallRef: EmitTailCall(instruction); break;
        }
    }

    /// <summary>Code that is never reached is left out; only its blocks are counted.</summary>
    void Skip(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If or Opcode.TryTable: _skippedBlocks++; break;
            case Opcode.End when _skippedBlocks > 0: _skippedBlocks--; break;
            case Opcode.End: EmitEnd(); break;
            case Opcode.Else when _skippedBlocks == 0: EmitElse(); break;
        }
    }

    BlockEmission Target(int depth) => _blocks[^(depth + 1)];

    BlockEmission Open(Opcode kind, FunctionType type)
    {
        _operands.Spill();
        _operands.DetachAll();
        var block = new BlockEmission(kind, type, _operands.Count - type.Parameters.Length, _il.DefineLabel(), Region);
        _blocks.Add(block);
        return block;
    }

    /// <summary>A loop's label is at its beginning, where each iteration asks whether the guest must stop.</summary>
    void OpenLoop(FunctionType type, int at)
    {
        var loop = Open(Opcode.Loop, type);
        MoveTo(Carriers(loop));
        _checked.Forget(_facts.AssignedIn(at));
        KeepFuelIn(loop, at);
        _il.MarkLabel(loop.Label);
        PushCarriers(loop, keep: true);
        NoteLoop(loop.Label, at);
        PayForIteration();
        EmitLook(at);
        EmitSample();
    }

    void OpenIf(FunctionType type)
    {
        _operands.LoadAlone();
        ShieldTest(ValueKind.I32);
        _operands.DetachAll();
        var otherwise = _il.DefineLabel();
        _il.Emit(OpCodes.Brfalse, otherwise);
        var block = Open(Opcode.If, type);
        block.Otherwise = otherwise;
        block.KnownBefore = _checked.Copy();
        block.Parameters = _operands.Copy(type.Parameters.Length);
    }

    void EmitElse()
    {
        var block = _blocks[^1];
        if (_reachable)
            EmitBranch(block);
        else
            _operands.CutTo(block.Height);
        _il.MarkLabel(block.Otherwise!.Value);
        block.Otherwise = null;
        _checked.Become(block.KnownBefore);
        foreach (var parameter in block.Parameters)
            _operands.Push(parameter);
        block.Parameters = [];
        _reachable = true;
    }

    void EmitEnd()
    {
        var block = _blocks[^1];
        if (block.Otherwise is not null)
            EmitElse(); // an if without else hands its operands on
        if (block.Kind == Opcode.TryTable)
            CloseTry(block);
        _blocks.RemoveAt(_blocks.Count - 1);
        if (block.KeepsFuel)
            _loopsKeepingFuel--;
        if (!_reachable)
            _operands.CutTo(block.Height);
        if (block.Kind == Opcode.Loop)
        {
            foreach (var carrier in block.Carriers ?? [])
                _frame.Release(_frame.Temporary(carrier));
        }
        else if (block is { IsTargeted: true, IsReturn: false })
        {
            Join(block);
        }

        if (_blocks.Count == 0 && _reachable)
            EmitReturn();
    }

    /// <summary>The end of a block, where branches to it meet what falls through.</summary>
    void Join(BlockEmission block)
    {
        if (_reachable)
        {
            MoveTo(Carriers(block));
            Aim(block);
        }

        _il.MarkLabel(block.Label);
        PushCarriers(block, keep: false);
        _checked.Become(block.Known ?? []);
        _reachable = true;
    }

    /// <summary>Goes to a label for good.</summary>
    void EmitBranch(BlockEmission target)
    {
        if (target.IsReturn)
        {
            EmitReturn();
        }
        else
        {
            Aim(target);
            MoveTo(Carriers(target));
            _operands.Spill();
            Jump(target);
        }

        CutOff();
    }

    /// <summary>Whether IL's own branches reach it, with nothing to carry.</summary>
    bool IsDirect(BlockEmission target) => !target.IsReturn && target.Arity == 0 && target.Region == Region;

    void EmitBranchIf(BlockEmission target)
    {
        if (IsDirect(target))
        {
            Aim(target);
            _operands.LoadAlone();
            ShieldTest(ValueKind.I32);
            _il.Emit(OpCodes.Brtrue, target.Label);
            return;
        }

        var stay = _il.DefineLabel();
        _operands.LoadAlone();
        ShieldTest(ValueKind.I32);
        _il.Emit(OpCodes.Brfalse, stay);
        EmitJumpWithCopies(target);
        _il.MarkLabel(stay);
    }

    void EmitBranchTable(int[] targets)
    {
        _operands.LoadAlone();
        ShieldTest(ValueKind.I32);
        var jumps = new Dictionary<int, Label>();
        var labels = new Label[targets.Length];
        foreach (var depth in targets.Distinct())
            Aim(Target(depth));
        for (var i = 0; i < targets.Length; i++)
        {
            var target = Target(targets[i]);
            if (IsDirect(target))
                labels[i] = target.Label;
            else if (!jumps.TryGetValue(targets[i], out labels[i]))
                jumps[targets[i]] = labels[i] = _il.DefineLabel();
        }

        if (labels.Length > 1)
            _il.Emit(OpCodes.Switch, labels[..^1]);
        else
            _il.Emit(OpCodes.Pop); // writers of assemblies refuse a switch without ways
        _il.Emit(OpCodes.Br, labels[^1]);
        foreach (var (depth, label) in jumps)
        {
            _il.MarkLabel(label);
            EmitJumpWithCopies(Target(depth));
            CheckSize();
        }

        CutOff();
    }

    /// <summary>Goes to a label with copies of the operands it takes, which stay for the other ways.</summary>
    void EmitJumpWithCopies(BlockEmission target)
    {
        Aim(target);
        _operands.LoadCopies(target.Arity);
        if (target.IsReturn)
        {
            EmitPackAndReturn();
            return;
        }

        StoreCarriers(Carriers(target));
        Jump(target);
    }

    void EmitReturn()
    {
        if (_operands.Count > _type.Results.Length)
            _operands.Spill();
        ShieldVectorResults();
        _operands.Load(_type.Results.Length);
        EmitPackAndReturn();
    }

    void EmitPackAndReturn()
    {
        TupleEmitter.Pack(_il, _type.Results.AsSpan());
        GiveStackBack();
        EmitRet();
    }

    /// <summary>The rest of the block is never reached.</summary>
    void CutOff()
    {
        _operands.CutTo(_blocks[^1].Height);
        _reachable = false;
    }

    /// <summary>The temporaries in which a block's label gets what branches to it carry.</summary>
    int[] Carriers(BlockEmission block) => block.Carriers ??= [.. block.Branch.ToArray().Select(type => _frame.Rent(type.Kind))];

    void MoveTo(int[] carriers)
    {
        _operands.Load(carriers.Length);
        StoreCarriers(carriers);
    }

    void StoreCarriers(int[] carriers)
    {
        for (var i = carriers.Length - 1; i >= 0; i--)
            _frame.StoreTemporary(carriers[i]);
    }

    void PushCarriers(BlockEmission block, bool keep)
    {
        foreach (var (index, carrier) in Carriers(block).Index())
        {
            var operand = _frame.Temporary(carrier) with { Kind = block.Branch[index].Kind };
            if (keep)
                _frame.Retain(operand);
            _operands.Push(operand);
        }
    }
}
