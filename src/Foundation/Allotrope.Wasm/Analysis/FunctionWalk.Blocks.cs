namespace Allotrope.Wasm;

/// <content>Blocks and branches: which code runs how often.</content>
sealed partial class FunctionWalk
{
    /// <summary>By arm, where it ends; <see cref="int.MaxValue"/> while it is open.</summary>
    readonly List<int> _armEnds = [];

    WalkBlock? InnermostLoop => _blocks[^1].Loop;

    void Open(WalkBlock block)
    {
        _operands.Clear();
        block.Arm = NewArm();
        _blocks.Add(block);
    }

    int NewArm()
    {
        _armEnds.Add(int.MaxValue);
        return _armEnds.Count - 1;
    }

    void OpenIf(in Instruction instruction)
    {
        var condition = Asks(Pop());
        var block = new WalkBlock(Opcode.If, instruction.ByteOffset, InnermostLoop) { Condition = condition };
        Open(block);
        if (condition is not null)
            block.Loop?.AddGate(instruction.ByteOffset, block.Arm, condition);
    }

    void Else(int at)
    {
        var block = _blocks[^1];
        _operands.Clear();
        _armEnds[block.Arm] = at;
        block.Arm = NewArm();
        block.FirstArm = (block.Steps, block.Pages);
        (block.Steps, block.Pages) = (0, 0);
        if (block.Condition is { } condition)
            block.Loop?.AddGate(at, block.Arm, condition.Negated);
    }

    void End(int at)
    {
        var block = _blocks[^1];
        _operands.Clear();
        var trips = block.Kind == Opcode.Loop ? TripsOf(block) : 1;
        if (trips.IsNone)
            Blame(UnboundedReason.Loop, block.Start);
        _armEnds[block.Arm] = at;
        _blocks.RemoveAt(_blocks.Count - 1);
        if (_blocks.Count == 0)
            return;
        var outer = _blocks[^1];
        outer.Steps += trips * Ceiling.Max(block.Steps, block.FirstArm.Steps);
        outer.Pages += trips * Ceiling.Max(block.Pages, block.FirstArm.Pages);
    }

    /// <summary>A branch that is always taken, or in a case that is not understood.</summary>
    void Branch(int depth, int at)
    {
        if (_blocks[^(depth + 1)] is { Kind: Opcode.Loop } loop)
            loop.GoesBack(at, null);
    }

    void BranchIf(int depth, int at)
    {
        var taken = Asks(Pop());
        var target = _blocks[^(depth + 1)];
        var innermost = InnermostLoop;
        if (target.Kind == Opcode.Loop)
            target.GoesBack(at, target == innermost ? taken : null);
        else if (innermost is not null && taken is not null && target.Start < innermost.Start)
            innermost.AddGate(at, _blocks[^1].Arm, taken.Negated);
    }

    /// <summary>What it means that a value is not zero.</summary>
    static Comparison? Asks(Known value) =>
        value.Test ?? (value.Of is { } variable ? new Comparison(variable, Relation.Unequal, Known.Constant(0), 32) : null);

    /// <summary>How often a loop's code runs, once and as often as it branches back.</summary>
    Ceiling TripsOf(WalkBlock loop)
    {
        if (loop.BackEdges.Last == 0)
            return 1;
        var least = Ceiling.None;
        foreach (var (position, arm, goOn) in loop.Gates)
        {
            if (IsPassed(position, arm, loop))
                least = new(Math.Min(least.Value, Count(goOn, loop).Value));
        }

        // With several, one might not be asked while the variable goes all the way round.
        if (!loop.GoesBackBlindly && loop.BackTests is [var only])
            least = new(Math.Min(least.Value, Count(only, loop).Value));

        return least + 1;
    }

    /// <summary>
    /// Whether every way back to the loop's beginning comes by a place: then all branches back are behind it and within the arm that it is in, which is
    /// only entered from its top.
    /// </summary>
    bool IsPassed(int position, int arm, WalkBlock loop) => position < loop.BackEdges.First && _armEnds[arm] > loop.BackEdges.Last;

    /// <summary>How often the comparison can hold in turn: known when its variable is stepped by a constant once each time round.</summary>
    Ceiling Count(Comparison goOn, WalkBlock loop)
    {
        var variable = goOn.Variable;
        if (_locals[variable.Local] is not { } local || local.Last is not { } step || step.Step == 0 || step.Position < loop.Start
            || local.BeforeLast.Position >= loop.Start || step.Loop != loop || !IsPassed(step.Position, step.Arm, loop))
            return Ceiling.None;
        var first = IsKnown(local.BeforeLast, loop.Outer, loop.Start) ? local.BeforeLast.Value : Known.Any(_facts.Locals[variable.Local].Kind);
        var delta = variable.Delta + (variable.Version == step.Position ? step.Step : 0);
        return Trips.Count(first.Plus(delta, goOn.Bits), step.Step, goOn);
    }
}
