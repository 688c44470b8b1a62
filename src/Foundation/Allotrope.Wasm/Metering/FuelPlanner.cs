namespace Allotrope.Wasm;

/// <summary>Divides a function into stretches, in one pass over its code.</summary>
sealed class FuelPlanner(ModuleImage image, FunctionBody body)
{
    readonly List<FuelStretch> _payers = [];
    readonly HashSet<int> _quietLoops = [];
    readonly List<Block> _blocks = [];
    FuelStretch _current = null!;
    bool _isLive = true;

    /// <summary>Where the next instruction begins.</summary>
    int _next;

    internal FuelPlan Plan()
    {
        var reader = InstructionReader.OfBody(image, body);
        var code = reader.Position;
        _blocks.Add(new(Opcode.Block, code, null!, IsLive: true));
        _current = new(_next = code, before: null, follows: false);
        while (_blocks.Count > 0)
        {
            var instruction = reader.Next();
            _next = reader.Position;
            if (_isLive)
                _current.Cost += FuelPlan.PriceOf(instruction.Opcode);
            Follow(instruction);
        }

        return new FuelPlan(code, _payers, _quietLoops);
    }

    void Follow(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.TryTable:
                foreach (var clause in instruction.Catches)
                    Aim(clause.Label);
                Open(instruction);
                break;
            case Opcode.Block: Open(instruction); break;
            case Opcode.Loop:
                End();
                Open(instruction);
                Begin(before: null, follows: false);
                break;
            case Opcode.If:
                End();
                Open(instruction);
                Begin(_current, follows: false);
                break;
            case Opcode.Else: Else(); break;
            case Opcode.End: Close(); break;
            case Opcode.BrIf or Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail:
                Aim(instruction.Index);
                End();
                Begin(_current, follows: false);
                break;
            case Opcode.Br:
                Aim(instruction.Index);
                Leave();
                break;
            case Opcode.BrTable:
                foreach (var target in instruction.Targets)
                    AimFromTable(target);
                Leave();
                break;
            case Opcode.Return or Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef:
                Aim(_blocks.Count - 1);
                Leave();
                break;
            case Opcode.Unreachable or Opcode.Throw or Opcode.ThrowRef: Leave(); break;
            case var opcode when FuelPlan.MayPay(opcode): _blocks[^1].IsQuiet = false; break;
        }
    }

    void Begin(FuelStretch? before, bool follows) => _current = new(_next, before, follows);

    /// <summary>Ends the current stretch; what is never reached is none.</summary>
    void End()
    {
        if (_current.End() && _isLive)
            _payers.Add(_current);
    }

    void Leave()
    {
        End();
        _isLive = false;
        Begin(_current, follows: false);
    }

    void Aim(int label)
    {
        if (!_isLive)
            return;
        _blocks[^(label + 1)].IsTarget = true;
        // The blocks within are left without coming to what is behind them.
        var inner = _blocks[^1];
        inner.LeavesFor = Math.Min(inner.LeavesFor, _blocks.Count - 1 - label);
    }

    /// <summary>Each of many ways is rare, so nobody else pays for where it leads.</summary>
    void AimFromTable(int label)
    {
        Aim(label);
        _blocks[^(label + 1)].IsTargetOfTable |= _isLive;
    }

    void Open(in Instruction instruction) => _blocks.Add(new(instruction.Opcode, instruction.ByteOffset, _current, _isLive));

    void Else()
    {
        var block = _blocks[^1];
        block.IsTarget |= _isLive;
        block.HasElse = true;
        End();
        _isLive = block.IsLive;
        Begin(block.Before, follows: false);
    }

    /// <summary>Behind a block its ways meet again: all have passed what was before it.</summary>
    void Close()
    {
        var block = _blocks[^1];
        _blocks.RemoveAt(_blocks.Count - 1);
        if (_blocks.Count == 0)
        {
            End();
            return;
        }

        _blocks[^1].IsQuiet &= block.IsQuiet;
        _blocks[^1].LeavesFor = Math.Min(_blocks[^1].LeavesFor, block.LeavesFor);
        if (block.Kind == Opcode.Loop && block.IsQuiet)
            _quietLoops.Add(block.Start);
        if (block.Kind is Opcode.Block or Opcode.TryTable && !block.IsTarget)
            return;
        End();
        if (block.Kind != Opcode.Loop)
            _isLive |= block.IsTarget || (block.Kind == Opcode.If && !block.HasElse && block.IsLive);
        Begin(block.IsTargetOfTable ? null : block.Before, follows: block.LeavesFor >= _blocks.Count);
    }

    sealed record Block(Opcode Kind, int Start, FuelStretch Before, bool IsLive)
    {
        internal bool IsTarget { get; set; }

        internal bool IsTargetOfTable { get; set; }

        /// <summary>The outermost block that a branch in it aims at, counted from the function.</summary>
        internal int LeavesFor { get; set; } = int.MaxValue;

        internal bool HasElse { get; set; }

        internal bool IsQuiet { get; set; } = true;
    }
}
