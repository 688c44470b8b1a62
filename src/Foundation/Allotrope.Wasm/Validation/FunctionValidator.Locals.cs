namespace Allotrope.Wasm;

/// <content>Which locals have a value: those of references that are never null get theirs by the first assignment in a block.</content>
sealed partial class FunctionValidator
{
    /// <summary>By local, whether it must be assigned to before it is read.</summary>
    bool[] _unassigned = [];

    /// <summary>Locals that were assigned to for the first time in the blocks now open, in order.</summary>
    readonly List<int> _assigned = [];

    void BeginLocals()
    {
        _unassigned = new bool[_facts.Locals.Length];
        for (var i = function.Parameters.Length; i < _unassigned.Length; i++)
            _unassigned[i] = !_facts.Locals[i].HasDefault;
    }

    WasmType AssignedLocal(in Instruction instruction)
    {
        var type = Local(instruction);
        return _unassigned[instruction.Index]
            ? throw new InvalidModuleException($"uninitialized local {instruction.Index}", instruction.ByteOffset)
            : type;
    }

    /// <summary>Loops that have not ended: how many blocks are around them, and which of the function's loops they are.</summary>
    List<(int Depth, int Number)>? _loops;

    void Assign(int local)
    {
        if (_loops is [.., var (_, loop)])
            NoteAssigned(loop, LoopFacts.Bit(local));
        if (!_unassigned[local])
            return;
        _unassigned[local] = false;
        _assigned.Add(local);
    }

    void BeginLoop(int at)
    {
        var facts = _facts.Loops ??= [];
        (_loops ??= []).Add((_blocks.Count, facts.Count));
        facts.Add(new(at, 0));
    }

    /// <summary>A block ends, which may be a loop: what was assigned to in it was so in the one around it.</summary>
    void EndLoop()
    {
        if (_loops is not [.., var (depth, ended)] || depth != _blocks.Count)
            return;
        _loops.RemoveAt(_loops.Count - 1);
        if (_loops is [.., var (_, outer)])
            NoteAssigned(outer, _facts.Loops![ended].Assigned);
    }

    void NoteAssigned(int loop, ulong locals)
    {
        var facts = _facts.Loops![loop];
        _facts.Loops[loop] = facts with { Assigned = facts.Assigned | locals };
    }

    /// <summary>A block ends: what was assigned only in it counts no longer.</summary>
    void ForgetLocals(int assignedBefore)
    {
        for (var i = assignedBefore; i < _assigned.Count; i++)
            _unassigned[_assigned[i]] = true;
        _assigned.RemoveRange(assignedBefore, _assigned.Count - assignedBefore);
    }
}
