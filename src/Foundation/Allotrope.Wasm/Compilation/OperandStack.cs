using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>
/// WebAssembly's operand stack while code is emitted. Locals, constants and temporaries stay where they are until an instruction needs them;
/// results of instructions are on the IL stack, in the order of this one. Whatever branches needs an empty IL stack: <see cref="Spill"/>.
/// </summary>
sealed partial class OperandStack(ILGenerator il, Frame frame)
{
    /// <summary>
    /// Higher expression trees are cut by a temporary: the just-in-time compiler walks them recursively, so a hostile module
    /// could otherwise overflow its stack, which nothing in a process survives.
    /// </summary>
    const int DeepestTree = 48;

    readonly List<Operand> _operands = [];

    /// <summary>How many operands stand for a local, by local. Searches end when all are found, so that no stack is searched in vain.</summary>
    readonly int[] _standIns = new int[frame.Kinds.Length];

    int _standInsInAll;

    /// <summary>How many operands are on the IL stack.</summary>
    int _onStack;

    internal int Count => _operands.Count;

    internal Operand Top => _operands[^1];

    internal Operand Second => _operands[^2];

    internal void PushLocal(int index)
    {
        _operands.Add(new Operand(frame.Kinds[index], Place.Local, index));
        _standIns[index]++;
        _standInsInAll++;
    }

    internal void PushConstant(ValueKind kind, long bits) => _operands.Add(new Operand(kind, Place.Constant, 0, bits));

    /// <summary>Pushes an operand that is not on the IL stack; it keeps its holder.</summary>
    internal void Push(in Operand operand)
    {
        _operands.Add(operand);
        if (operand.Place != Place.Local)
            return;
        _standIns[operand.Slot]++;
        _standInsInAll++;
    }

    /// <summary>Notes that a value of <paramref name="kind"/> has been put on the IL stack.</summary>
    internal void PushResult(ValueKind kind, int depth = 1, ulong? bound = null)
    {
        _operands.Add(new Operand(kind, Place.Stack, Depth: depth) { Bound = bound });
        _onStack++;
        if (depth >= DeepestTree)
            Move(_operands.Count - 1);
    }

    /// <summary>Pops operands onto the IL stack in their order, vectors as bytes.</summary>
    /// <returns>The height of the tree an instruction would make of them.</returns>
    internal int Load(int count) => Load(count, []);

    /// <summary>Pops an address onto the IL stack, in the native width.</summary>
    internal void LoadAddress()
    {
        if (Top is not { Place: Place.Local } top || !frame.IsWide(top.Slot))
        {
            Load(1);
            il.Emit(OpCodes.Conv_U);
            return;
        }

        frame.LoadWide(top.Slot);
        Forget(top);
        _operands.RemoveAt(_operands.Count - 1);
    }

    /// <summary>The same for an instruction that takes vectors of certain lanes; null for other operands.</summary>
    internal int Load(ReadOnlySpan<Type?> lanes) => Load(lanes.Length, lanes);

    int Load(int count, ReadOnlySpan<Type?> lanes)
    {
        var first = _operands.Count - count;
        var lazy = first;
        while (lazy < _operands.Count && _operands[lazy].Place == Place.Stack)
            lazy++;
        lazy = Convert(first, lazy, lanes);
        for (var i = _operands.Count - 1; i > lazy; i--)
        {
            if (_operands[i].Place == Place.Stack)
                Move(i);
        }

        var depth = 0;
        for (var i = first; i < _operands.Count; i++)
        {
            var operand = _operands[i];
            depth = Math.Max(depth, operand.Depth);
            if (operand.Place == Place.Stack)
                _onStack--;
            else
                Consume(operand, Wanted(lanes, i - first));
        }

        _operands.RemoveRange(first, count);
        return depth + 1;
    }

    /// <summary>Like <see cref="Load(int)"/> of two where their order does not matter: saves a temporary.</summary>
    internal int LoadEitherWay()
    {
        var (left, right) = (_operands[^2], _operands[^1]);
        if (left.Place == Place.Stack || right.Place != Place.Stack)
            return Load(2);
        _operands.RemoveRange(_operands.Count - 2, 2);
        _onStack--;
        Consume(left, typeof(byte));
        return Math.Max(left.Depth, right.Depth) + 1;
    }

    /// <summary>Pops an operand in a form that can be loaded any number of times. Release it after use.</summary>
    internal Operand Take()
    {
        if (Top.Place == Place.Stack)
            Move(_operands.Count - 1);
        var operand = Top;
        _operands.RemoveAt(_operands.Count - 1);
        Forget(operand);
        return operand;
    }

    /// <summary>Copies operands to the IL stack and keeps them. None of them may be on it.</summary>
    internal void LoadCopies(int count)
    {
        for (var i = _operands.Count - count; i < _operands.Count; i++)
            frame.Load(_operands[i]);
    }

    internal Operand[] Copy(int count)
    {
        var copies = _operands.GetRange(_operands.Count - count, count).ToArray();
        foreach (var copy in copies)
            frame.Retain(copy);
        return copies;
    }

    /// <summary>All that are there, as they are.</summary>
    internal Operand[] Copies() => [.. _operands];

    /// <summary>The temporaries that hold operands.</summary>
    internal int[] HeldTemporaries() =>
        [.. _operands.Where(operand => operand.Place == Place.Temporary).Select(operand => operand.Slot).Distinct()];

    internal void Drop()
    {
        if (Top.Place == Place.Stack)
        {
            il.Emit(OpCodes.Pop);
            _onStack--;
        }

        frame.Release(Top);
        Forget(Top);
        _operands.RemoveAt(_operands.Count - 1);
    }

    /// <summary>Forgets operands that code never reached after this point would have used.</summary>
    internal void CutTo(int height)
    {
        while (_operands.Count > height)
            Drop();
    }

    /// <summary>Empties the IL stack into temporaries.</summary>
    internal void Spill()
    {
        for (var i = _operands.Count - 1; _onStack > 0; i--)
        {
            if (_operands[i].Place == Place.Stack)
                Move(i);
        }
    }

    /// <summary>Empties the IL stack but for the topmost operand, which is then loaded: the condition of a branch.</summary>
    internal void LoadAlone()
    {
        if (_onStack > (Top.Place == Place.Stack ? 1 : 0))
            Spill();
        Load(1);
    }

    /// <summary>The local is about to change: operands that stand for its value get it now.</summary>
    internal void Detach(int local)
    {
        for (var i = _operands.Count - 1; _standIns[local] > 0; i--)
        {
            if (_operands[i] is { Place: Place.Local } operand && operand.Slot == local)
                Copy(i, operand);
        }
    }

    /// <summary>A block begins, in which any local may change on some path: operands that stand for locals get their values now.</summary>
    internal void DetachAll()
    {
        for (var i = _operands.Count - 1; _standInsInAll > 0; i--)
        {
            if (_operands[i] is { Place: Place.Local } operand)
                Copy(i, operand);
        }
    }

    void Copy(int position, in Operand operand)
    {
        frame.Load(operand);
        var slot = frame.Rent(operand.Kind);
        frame.StoreTemporary(slot);
        Forget(operand);
        _operands[position] = frame.Temporary(slot) with { Kind = operand.Kind };
    }

    /// <summary>The operand no longer stands for a local, if it did.</summary>
    void Forget(in Operand operand)
    {
        if (operand.Place != Place.Local)
            return;
        _standIns[operand.Slot]--;
        _standInsInAll--;
    }

    /// <summary>Moves the topmost value of the IL stack, which is the operand at <paramref name="position"/>, to a temporary.</summary>
    void Move(int position)
    {
        il.ConvertLanes(_operands[position].Lane ?? typeof(byte), typeof(byte));
        var slot = frame.Rent(_operands[position].Kind);
        frame.StoreTemporary(slot);
        _operands[position] = frame.Temporary(slot) with { Kind = _operands[position].Kind, Bound = _operands[position].Bound };
        _onStack--;
    }

    void Consume(in Operand operand, Type lane)
    {
        if (operand is { Kind: ValueKind.V128, Place: Place.Constant })
        {
            il.LoadVector(operand.Bits, operand.High, lane);
        }
        else
        {
            frame.Load(operand);
            if (operand.Kind == ValueKind.V128)
                il.ConvertLanes(typeof(byte), lane);
        }

        frame.Release(operand);
        Forget(operand);
    }
}
