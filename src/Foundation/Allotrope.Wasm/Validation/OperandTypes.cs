namespace Allotrope.Wasm;

/// <summary>
/// The types on the operand stack while a function is checked. Null is a value of unknown type: what code that is never reached pops.
/// </summary>
sealed class OperandTypes
{
    readonly List<WasmType?> _types = [];
    int _floor;
    bool _bottomless;

    internal int Deepest { get; private set; }

    /// <summary>Whether any was a vector.</summary>
    internal bool HadVector { get; private set; }

    internal void Push(WasmType? type)
    {
        _types.Add(type);
        HadVector |= type?.Kind == ValueKind.V128;
        Deepest = Math.Max(Deepest, _types.Count);
    }

    internal void Push(ReadOnlySpan<WasmType> types)
    {
        foreach (var type in types)
            Push(type);
    }

    internal WasmType? Pop(int at)
    {
        if (_types.Count == _floor)
            return _bottomless ? null : throw new InvalidModuleException("type mismatch: an operand is missing", at);
        var top = _types[^1];
        _types.RemoveAt(_types.Count - 1);
        return top;
    }

    internal WasmType? Pop(WasmType? expected, int at)
    {
        var actual = Pop(at);
        if (actual is { } found && expected is { } wanted && !found.Matches(wanted))
            throw new InvalidModuleException($"type mismatch: {found.Name} where {wanted.Name} is expected", at);
        return actual;
    }

    internal void Pop(ReadOnlySpan<WasmType> types, int at)
    {
        for (var i = types.Length - 1; i >= 0; i--)
            Pop(types[i], at);
    }

    /// <summary>Begins a block: operands below are out of its reach.</summary>
    internal (int Floor, bool Bottomless) Enter()
    {
        var outer = (_floor, _bottomless);
        (_floor, _bottomless) = (_types.Count, false);
        return outer;
    }

    /// <summary>Ends a block; only its results may be left, and the caller has popped them.</summary>
    internal void Leave((int Floor, bool Bottomless) outer, int at)
    {
        if (_types.Count != _floor)
            throw new InvalidModuleException($"type mismatch: {_types.Count - _floor} operands are left over at the end of a block", at);
        (_floor, _bottomless) = outer;
    }

    /// <summary>The rest of the block is never reached.</summary>
    internal void BecomeBottomless()
    {
        _types.RemoveRange(_floor, _types.Count - _floor);
        _bottomless = true;
    }
}
