using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Exceptions are .NET exceptions, so blocks that catch cost nothing until something is thrown. A filter decides by tag while the runtime looks for
/// who catches, and the handler only notes the exception and leaves: the code after it runs with the stack given back, and sorts out where to go.
/// </content>
sealed partial class FunctionCompiler
{
    /// <summary>The protected regions we are in, outermost first; the first is the method.</summary>
    readonly List<TryRegion> _regions = [new()];

    /// <summary>Code that belongs behind the function's end.</summary>
    readonly List<(Label Label, Action Emit)> _outOfLine = [];

    TryRegion Region => _regions[^1];

    /// <summary>What was caught, or is asked about.</summary>
    LocalBuilder Caught => field ??= _il.DeclareLocal(typeof(GuestException));

    void EmitThrow(in Instruction instruction)
    {
        if (instruction.Opcode == Opcode.ThrowRef)
        {
            var reference = TakeNonNull();
            _frame.Load(reference);
            _frame.Release(reference);
        }
        else
        {
            MakeException(instruction.Index);
        }

        _il.Emit(OpCodes.Throw);
        CutOff();
    }

    void MakeException(int tag)
    {
        var types = _image.Tags[tag].Parameters;
        var operands = new Operand[types.Length];
        for (var i = operands.Length - 1; i >= 0; i--)
            operands[i] = _operands.Take();
        _operands.Spill();
        _il.LoadInt32(operands.Length);
        _il.Emit(OpCodes.Newarr, typeof(Value));
        foreach (var (index, operand) in operands.Index())
        {
            _il.Emit(OpCodes.Dup);
            _il.LoadInt32(index);
            EntryStubs.EmitToValue(_il, types[index].Kind, () => _frame.Load(operand));
            _il.Emit(OpCodes.Stelem, typeof(Value));
            _frame.Release(operand);
        }

        _frame.LoadInstance();
        _il.LoadInt32(tag);
        _il.Emit(OpCodes.Call, Members.ExceptionOf);
    }

    void OpenTry(in Instruction instruction)
    {
        var block = Open(Opcode.TryTable, instruction.BlockType!);
        block.Catches = instruction.Catches;
        // RyuJIT (.NET 10) crashes at a branch that leads nowhere but to two regions that begin at once, so each begins with a statement of its own. And
        // the generator does not count the exception that a handler begins with: a function that does nothing else would have no stack.
        var before = _il.DefineLabel();
        _il.MarkLabel(before);
        _il.Emit(OpCodes.Ldnull);
        _il.Emit(OpCodes.Stloc, Caught);
        _il.BeginExceptionBlock();
        _regions.Add(new TryRegion { Outer = Region, Before = before, FirstSite = _sites.Count });
        EmitRegionEntry();
    }

    /// <summary>Ends the region of a block that ends. What falls through has left it for the block's label, where all branches to it meet.</summary>
    void CloseTry(BlockEmission block)
    {
        if (_reachable)
            EmitBranch(block);
        _checked.Clear(); // an exception may come from anywhere in it
        EmitTraps(Region);
        _regions.RemoveAt(_regions.Count - 1);
        _reachable = false;
        EmitHandler(block.Catches);
        foreach (var clause in block.Catches)
        {
            EmitClause(clause);
            if (clause.Tag is null)
                return;
        }

        // The filter lets nothing else through; IL wants to see an end all the same.
        _il.Emit(OpCodes.Ldloc, Caught);
        _il.Emit(OpCodes.Throw);
    }

    void EmitHandler(CatchClause[] clauses)
    {
        if (clauses.Any(clause => clause.Tag is null))
        {
            _il.BeginCatchBlock(typeof(GuestException));
        }
        else
        {
            _il.BeginExceptFilterBlock();
            EmitFilter(clauses);
            _il.BeginCatchBlock(null!);
        }

        _il.Emit(OpCodes.Stloc, Caught);
        _il.EndExceptionBlock();
        RestoreStack();
    }

    /// <summary>Gives one when a clause has the exception's tag.</summary>
    void EmitFilter(CatchClause[] clauses)
    {
        var thrown = _frame.Scratch(typeof(object));
        _il.Emit(OpCodes.Stloc, thrown);
        _il.LoadInt32(0);
        foreach (var clause in clauses)
        {
            LoadIsOfTag(thrown, clause.Tag!.Value);
            _il.Emit(OpCodes.Or);
        }
    }

    void LoadIsOfTag(LocalBuilder thrown, int tag)
    {
        _il.Emit(OpCodes.Ldloc, thrown);
        _frame.LoadInstance();
        _il.LoadInt32(tag);
        _il.Emit(OpCodes.Call, Members.ExceptionIs);
    }

    /// <summary>Goes to the clause's label, with what the exception carries, if it has the clause's tag.</summary>
    void EmitClause(in CatchClause clause)
    {
        var target = Target(clause.Label + 1); // the block that catches is still there
        var next = _il.DefineLabel();
        if (clause.Tag is { } tag)
        {
            LoadIsOfTag(Caught, tag);
            _il.Emit(OpCodes.Brfalse, next);
        }

        Aim(target);
        var carriers = Carriers(target);
        var carried = clause.Tag is { } of ? _image.Tags[of].Parameters : [];
        for (var i = 0; i < carried.Length; i++)
        {
            _il.Emit(OpCodes.Ldloc, Caught);
            _il.LoadInt32(i);
            _il.Emit(OpCodes.Call, Members.ExceptionAt);
            EntryStubs.EmitFromValue(_il, carried[i].Kind);
            _frame.StoreTemporary(carriers[i]);
        }

        if (clause.TakesReference)
        {
            _il.Emit(OpCodes.Ldloc, Caught);
            _frame.LoadInstance();
            _il.Emit(OpCodes.Call, Members.ExceptionKeep);
            _frame.StoreTemporary(carriers[^1]);
        }

        Jump(target);
        _il.MarkLabel(next);
    }

    /// <summary>Goes to a block's label from where we are, with nothing on the IL stack.</summary>
    void Jump(BlockEmission target) => _il.Emit(target.Region == Region ? OpCodes.Br : OpCodes.Leave, target.Label);
}
