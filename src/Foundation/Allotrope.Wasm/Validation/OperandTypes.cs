namespace Allotrope.Wasm;

/// <summary>
/// The types on the operand stack while a function is checked. Null is a value of unknown type: what code that is never reached pops.
/// </summary>
sealed class OperandTypes
{
    readonly List<ValueKind?> _kinds = [];
    int _floor;
    bool _bottomless;

    internal int Deepest { get; private set; }

    internal void Push(ValueKind? kind)
    {
        _kinds.Add(kind);
        Deepest = Math.Max(Deepest, _kinds.Count);
    }

    internal void Push(ReadOnlySpan<ValueKind> kinds)
    {
        foreach (var kind in kinds)
            Push(kind);
    }

    internal ValueKind? Pop(int at)
    {
        if (_kinds.Count == _floor)
            return _bottomless ? null : throw new InvalidModuleException("type mismatch: an operand is missing", at);
        var top = _kinds[^1];
        _kinds.RemoveAt(_kinds.Count - 1);
        return top;
    }

    internal ValueKind? Pop(ValueKind? expected, int at)
    {
        var actual = Pop(at);
        if (actual is { } found && expected is { } wanted && found != wanted)
            throw new InvalidModuleException($"type mismatch: {found.Name} where {wanted.Name} is expected", at);
        return actual;
    }

    internal void Pop(ReadOnlySpan<ValueKind> kinds, int at)
    {
        for (var i = kinds.Length - 1; i >= 0; i--)
            Pop(kinds[i], at);
    }

    /// <summary>Begins a block: operands below are out of its reach.</summary>
    internal (int Floor, bool Bottomless) Enter()
    {
        var outer = (_floor, _bottomless);
        (_floor, _bottomless) = (_kinds.Count, false);
        return outer;
    }

    /// <summary>Ends a block; only its results may be left, and the caller has popped them.</summary>
    internal void Leave((int Floor, bool Bottomless) outer, int at)
    {
        if (_kinds.Count != _floor)
            throw new InvalidModuleException($"type mismatch: {_kinds.Count - _floor} operands are left over at the end of a block", at);
        (_floor, _bottomless) = outer;
    }

    /// <summary>The rest of the block is never reached.</summary>
    internal void BecomeBottomless()
    {
        _kinds.RemoveRange(_floor, _kinds.Count - _floor);
        _bottomless = true;
    }
}
