namespace Allotrope.Wasm;

/// <content>Blocks, branches and calls.</content>
sealed partial class FunctionValidator
{
    /// <summary>Open loops in which nothing has been called so far, with the number of blocks around them.</summary>
    readonly List<(int Depth, int At)> _quietLoops = [];

    void CheckControl(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.Unreachable: _operands.BecomeBottomless(); break;
            case Opcode.Nop: break;
            case Opcode.Block or Opcode.Loop: Open(instruction.Opcode, instruction.BlockType!, at); break;
            case Opcode.TryTable: OpenTry(instruction); break;
            case Opcode.Throw or Opcode.ThrowRef: CheckThrow(instruction); break;
            case Opcode.If:
                _operands.Pop(ValueKind.I32, at);
                Open(Opcode.If, instruction.BlockType!, at);
                break;
            case Opcode.Else: CheckElse(at); break;
            case Opcode.End: CheckEnd(at); break;
            case Opcode.Br:
                _operands.Pop(Label(instruction.Index, at).Branch, at);
                _operands.BecomeBottomless();
                break;
            case Opcode.BrIf:
                _operands.Pop(ValueKind.I32, at);
                var taken = Label(instruction.Index, at).Branch;
                _operands.Pop(taken, at);
                _operands.Push(taken);
                break;
            case Opcode.BrTable: CheckBranchTable(instruction); break;
            case Opcode.Return:
                _operands.Pop(function.Results.AsSpan(), at);
                _operands.BecomeBottomless();
                break;
            case Opcode.Call: CheckCall(image.Functions[Known(instruction.Index, image.Functions.Count, "function", at)], at); break;
            case Opcode.CallIndirect: CheckCall(PopIndirect(instruction), at); break;
            case >= Opcode.ReturnCall and <= Opcode.ReturnCallRef: CheckTailOrReferenceCall(instruction); break;
            default: throw new InvalidModuleException($"illegal opcode 0x{(int)instruction.Opcode:x2}", at);
        }
    }

    void Open(Opcode kind, FunctionType blockType, int at)
    {
        if (_blocks.Count == MostBlocks)
            throw new InvalidModuleException($"blocks are nested deeper than {MostBlocks}", at);
        if (kind == Opcode.Loop)
        {
            _facts.HasLoop = true;
            _quietLoops.Add((_blocks.Count, at));
            BeginLoop(at);
        }

        _carried += CarriedBy(blockType);
        _facts.MaxCarried = Math.Max(_facts.MaxCarried, _carried);
        _operands.Pop(blockType.Parameters.AsSpan(), at);
        _blocks.Add(new OpenBlock(kind, blockType, _operands.Enter(), _assigned.Count));
        _operands.Push(blockType.Parameters.AsSpan());
    }

    void CheckElse(int at)
    {
        var block = _blocks[^1];
        if (block.Kind != Opcode.If)
            throw new InvalidModuleException("else without if: END opcode expected", at);
        _operands.Pop(block.Type.Results.AsSpan(), at);
        _operands.Leave(block.Outer, at);
        ForgetLocals(block.Assigned);
        _blocks[^1] = block with { Kind = Opcode.Else, Outer = _operands.Enter() };
        _operands.Push(block.Type.Parameters.AsSpan());
    }

    void CheckEnd(int at)
    {
        var block = _blocks[^1];
        var results = block.Type.Results.AsSpan();
        _operands.Pop(results, at);
        if (block.Kind == Opcode.If && !AllMatch(block.Type.Parameters.AsSpan(), results))
            throw new InvalidModuleException("type mismatch: an if without else must give what it takes", at);
        _operands.Leave(block.Outer, at);
        ForgetLocals(block.Assigned);
        _blocks.RemoveAt(_blocks.Count - 1);
        EndLoop();
        if (_quietLoops.Count > 0 && _quietLoops[^1].Depth == _blocks.Count)
            _quietLoops.RemoveAt(_quietLoops.Count - 1);
        _carried -= CarriedBy(block.Type);
        if (block.Kind == Opcode.TryTable)
            _openTries--;
        _operands.Push(results);
    }

    static bool AllMatch(ReadOnlySpan<WasmType> types, ReadOnlySpan<WasmType> wanted)
    {
        if (types.Length != wanted.Length)
            return false;
        for (var i = 0; i < types.Length; i++)
        {
            if (!types[i].Matches(wanted[i]))
                return false;
        }

        return true;
    }

    static int CarriedBy(FunctionType block) => block.Parameters.Length + block.Results.Length;

    void CheckBranchTable(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        _operands.Pop(ValueKind.I32, at);
        var arity = Label(instruction.Targets[^1], at).Branch.Length;
        Span<WasmType?> popped = new WasmType?[arity];
        foreach (var target in instruction.Targets)
        {
            var types = Label(target, at).Branch;
            if (types.Length != arity)
                throw new InvalidModuleException("type mismatch: the labels of a br_table take different numbers of operands", at);
            for (var i = arity - 1; i >= 0; i--)
                popped[i] = _operands.Pop(types[i], at);
            // Unknown operands stay unknown for the next label.
            foreach (var type in popped)
                _operands.Push(type);
        }

        _operands.BecomeBottomless();
    }

    void CheckCall(FunctionType callee, int at)
    {
        _facts.HasCall = true;
        foreach (var (_, loop) in _quietLoops)
            _facts.CallingLoops.Add(loop);
        _quietLoops.Clear();
        CountTuple(callee);
        _operands.Pop(callee.Parameters.AsSpan(), at);
        _operands.Push(callee.Results.AsSpan());
    }

    void CountTuple(FunctionType signature)
    {
        if (signature.Results.Length > 1 && _tuples.Add(signature))
            _facts.TupleValues += signature.Results.Length;
    }

    FunctionType PopIndirect(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        var table = image.Tables[Known(instruction.Second, image.Tables.Count, "table", at)];
        if (!table.Element.Matches(ValueKind.FuncRef))
            throw new InvalidModuleException("type mismatch: an indirect call needs a table of functions", at);
        var callee = image.FunctionTypeAt(instruction.Index, at);
        _operands.Pop(table.Limits.Address, at);
        return callee;
    }

    OpenBlock Label(int depth, int at) => _blocks[^(Known(depth, _blocks.Count, "label", at) + 1)];

    /// <summary>A block that has not ended.</summary>
    readonly record struct OpenBlock(Opcode Kind, FunctionType Type, (int Floor, bool Bottomless) Outer, int Assigned)
    {
        /// <summary>What a branch to it takes: a loop is branched to at its beginning.</summary>
        internal ReadOnlySpan<WasmType> Branch => (Kind == Opcode.Loop ? Type.Parameters : Type.Results).AsSpan();
    }
}
