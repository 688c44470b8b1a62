using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>
/// The IL locals of one function: WebAssembly's own, and temporaries that are used again as soon as their operand is gone (the just-in-time
/// compiler stops optimising at 2,000 locals).
/// </summary>
sealed class Frame
{
    /// <summary>Locals that an IL method can have and name: an index has sixteen bits, and one too large would silently name another local.</summary>
    internal const int MostLocals = ushort.MaxValue - 16;

    readonly ILGenerator _il;
    readonly int _parameters;
    readonly LocalBuilder[] _locals;
    readonly List<(LocalBuilder Local, ValueKind Kind)> _temporaries = [];
    readonly List<int> _holders = [];
    readonly Dictionary<ValueKind, Stack<int>> _free = [];
    readonly Dictionary<Type, LocalBuilder> _scratch = [];

    internal Frame(ILGenerator il, FunctionType type, FunctionFacts facts)
    {
        _il = il;
        _parameters = type.Parameters.Length;
        Kinds = Array.ConvertAll(facts.Locals, type => type.Kind);
        _locals = new LocalBuilder[facts.Locals.Length - _parameters];
        for (var i = 0; i < _locals.Length; i++)
            _locals[i] = il.DeclareLocal(facts.Locals[_parameters + i].ClrType);
        Bytes = facts.Locals.Sum(local => (long)local.Kind.SlotBytes);
    }

    /// <summary>Types of parameters and locals.</summary>
    internal ValueKind[] Kinds { get; }

    /// <summary>Bytes of stack that the locals so far may take, but for a few that every function may have.</summary>
    internal long Bytes { get; private set; }

    /// <summary>IL locals so far, but for a few that every function may have.</summary>
    internal int Count => _locals.Length + _temporaries.Count + _scratch.Count;

    /// <summary>Locals begin as zero or null; the method itself does not clear its frame, which has more in it than that.</summary>
    internal void ClearLocals()
    {
        for (var i = 0; i < _locals.Length; i++)
        {
            _il.LoadConstant(Kinds[_parameters + i], 0);
            _il.Emit(OpCodes.Stloc, _locals[i]);
        }
    }

    /// <summary>The instance is the method's last argument.</summary>
    internal void LoadInstance() => _il.LoadArgument(_parameters);

    internal void Load(in Operand operand)
    {
        switch (operand.Place)
        {
            case Place.Local when operand.Slot < _parameters: _il.LoadArgument(operand.Slot); break;
            case Place.Local: _il.Emit(OpCodes.Ldloc, _locals[operand.Slot - _parameters]); break;
            case Place.Temporary: _il.Emit(OpCodes.Ldloc, _temporaries[operand.Slot].Local); break;
            case Place.Constant: _il.LoadConstant(operand.Kind, operand.Bits, operand.High); break;
        }
    }

    internal void StoreLocal(int index)
    {
        if (index < _parameters)
            _il.StoreArgument(index);
        else
            _il.Emit(OpCodes.Stloc, _locals[index - _parameters]);
    }

    /// <summary>Stores what is on the IL stack where the operand, a local or temporary, has its value.</summary>
    internal void Store(in Operand operand)
    {
        if (operand.Place == Place.Local)
            StoreLocal(operand.Slot);
        else
            StoreTemporary(operand.Slot);
    }

    internal void StoreTemporary(int slot) => _il.Emit(OpCodes.Stloc, _temporaries[slot].Local);

    /// <summary>A temporary with one holder.</summary>
    internal int Rent(ValueKind kind)
    {
        kind = kind.Representation;
        if (_free.TryGetValue(kind, out var free) && free.TryPop(out var slot))
        {
            _holders[slot] = 1;
            return slot;
        }

        Bytes += kind.SlotBytes;
        _temporaries.Add((_il.DeclareLocal(kind.ClrType), kind));
        _holders.Add(1);
        return _temporaries.Count - 1;
    }

    internal Operand Temporary(int slot) => new(_temporaries[slot].Kind, Place.Temporary, slot);

    internal void Retain(in Operand operand)
    {
        if (operand.Place == Place.Temporary)
            _holders[operand.Slot]++;
    }

    internal void Release(in Operand operand)
    {
        if (operand.Place != Place.Temporary || --_holders[operand.Slot] > 0)
            return;
        var kind = _temporaries[operand.Slot].Kind;
        if (!_free.TryGetValue(kind, out var free))
            _free[kind] = free = new Stack<int>();
        free.Push(operand.Slot);
    }

    /// <summary>The one local of that type for use inside a single instruction.</summary>
    internal LocalBuilder Scratch(Type type)
    {
        if (!_scratch.TryGetValue(type, out var local))
        {
            _scratch[type] = local = _il.DeclareLocal(type);
            Bytes += ValueKind.V128.SlotBytes; // tuples are counted by their values
        }

        return local;
    }
}
