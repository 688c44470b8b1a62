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

    /// <summary>By WebAssembly local, the argument it is; -1 for others.</summary>
    readonly int[] _arguments;
    readonly int _instance;
    readonly LocalBuilder?[] _locals;
    readonly bool[]? _wide;
    readonly List<(LocalBuilder Local, ValueKind Kind)> _temporaries = [];
    readonly List<int> _holders = [];
    readonly Dictionary<ValueKind, Stack<int>> _free = [];
    readonly Dictionary<Type, LocalBuilder> _scratch = [];

    Frame(ILGenerator il, FunctionFacts facts, IEnumerable<int> arguments, int instance, IEnumerable<int> locals)
    {
        _il = il;
        _instance = instance;
        Kinds = Array.ConvertAll(facts.Locals, type => type.Kind);
        _arguments = new int[Kinds.Length];
        Array.Fill(_arguments, -1);
        foreach (var (argument, local) in arguments.Index())
            _arguments[local] = argument;
        _locals = new LocalBuilder?[Kinds.Length];
        foreach (var local in locals)
        {
            var isWide = Kinds[local] == ValueKind.I32 && local < 64 && (facts.Addresses >> local & 1) != 0;
            if (isWide)
                (_wide ??= new bool[Kinds.Length])[local] = true;
            if (_arguments[local] < 0 || isWide)
                _locals[local] = il.DeclareLocal(isWide ? typeof(nuint) : facts.Locals[local].ClrType);
            Bytes += Kinds[local].SlotBytes;
        }
    }

    /// <summary>A whole function's: its arguments are its first locals, then comes the instance.</summary>
    internal static Frame Of(ILGenerator il, FunctionType type, FunctionFacts facts) =>
        new(il, facts, Enumerable.Range(0, type.Parameters.Length), type.Parameters.Length, Enumerable.Range(0, facts.Locals.Length));

    /// <summary>A function's that goes on in a call: it takes what it goes on with, and the instance.</summary>
    internal static Frame OfResumption(ILGenerator il, FunctionFacts facts) => new(il, facts, [], 1, Enumerable.Range(0, facts.Locals.Length));

    /// <summary>A function's that goes on at a loop: it takes the interpreter's frame, in three arguments, and the instance.</summary>
    internal static Frame OfLoopEntry(ILGenerator il, FunctionFacts facts) => new(il, facts, [], 3, Enumerable.Range(0, facts.Locals.Length));

    /// <summary>A part's: between what it takes and the instance is the place for what it gives.</summary>
    internal static Frame Of(ILGenerator il, Part part, FunctionFacts facts) => new(il, facts, part.Taken, part.Taken.Length + 1, part.Used);

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
            if (_locals[i] is null || _arguments[i] >= 0)
                continue;
            _il.LoadConstant(Kinds[i], 0);
            StoreLocal(i);
        }
    }

    /// <summary>Puts arguments where they are wide.</summary>
    internal void WidenArguments()
    {
        for (var i = 0; i < _locals.Length; i++)
        {
            if (_locals[i] is null || _arguments[i] < 0)
                continue;
            _il.LoadArgument(_arguments[i]);
            StoreLocal(i);
        }
    }

    /// <summary>
    /// Whether an i32 local is kept without a sign in a variable as wide as an address. What is loaded by it then needs no widening, and what else is done
    /// with it takes the lower half, which costs no instruction.
    /// </summary>
    internal bool IsWide(int local) => _wide is not null && _wide[local];

    internal void LoadWide(int local) => _il.Emit(OpCodes.Ldloc, _locals[local]!);

    /// <summary>An i32 in the native width.</summary>
    internal void LoadAddress(in Operand operand)
    {
        if (operand.Place == Place.Local && IsWide(operand.Slot))
        {
            LoadWide(operand.Slot);
            return;
        }

        Load(operand);
        _il.Emit(OpCodes.Conv_U);
    }

    /// <summary>The instance is the method's last argument.</summary>
    internal void LoadInstance() => _il.LoadArgument(_instance);

    internal void Load(in Operand operand)
    {
        switch (operand.Place)
        {
            case Place.Local when _locals[operand.Slot] is { } local:
                _il.Emit(OpCodes.Ldloc, local);
                if (IsWide(operand.Slot))
                    _il.Emit(OpCodes.Conv_I4);
                break;
            case Place.Local: _il.LoadArgument(_arguments[operand.Slot]); break;
            case Place.Temporary: _il.Emit(OpCodes.Ldloc, _temporaries[operand.Slot].Local); break;
            case Place.Constant: _il.LoadConstant(operand.Kind, operand.Bits, operand.High); break;
        }
    }

    internal void StoreLocal(int index)
    {
        if (IsWide(index))
            _il.Emit(OpCodes.Conv_U);
        if (_locals[index] is { } local)
            _il.Emit(OpCodes.Stloc, local);
        else
            _il.StoreArgument(_arguments[index]);
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
