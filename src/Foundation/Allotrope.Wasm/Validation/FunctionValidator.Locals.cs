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

    void Assign(int local)
    {
        if (!_unassigned[local])
            return;
        _unassigned[local] = false;
        _assigned.Add(local);
    }

    /// <summary>A block ends: what was assigned only in it counts no longer.</summary>
    void ForgetLocals(int assignedBefore)
    {
        for (var i = assignedBefore; i < _assigned.Count; i++)
            _unassigned[_assigned[i]] = true;
        _assigned.RemoveRange(assignedBefore, _assigned.Count - assignedBefore);
    }
}
