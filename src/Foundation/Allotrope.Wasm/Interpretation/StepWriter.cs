using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// Makes the steps of one validated function, in one pass over its code. An operand has a home, the place that its height on the stack gives it; until
/// somebody needs it there, variables and constants stay where they are, and results go straight into the variable that they are for.
/// </summary>
sealed partial class StepWriter
{
    /// <summary>Steps that one function may become; real ones have fewer than they have bytes.</summary>
    const int MostSteps = 4 << 20;

    readonly ModuleImage _image;
    readonly CompileOptions _options;
    readonly FunctionBody _body;
    readonly FunctionFacts _facts;
    readonly FunctionType _type;
    readonly int _index;
    readonly List<Step> _steps;
    readonly List<int> _offsets;
    readonly List<RareStep> _rare = [];
    readonly List<CatchRange> _catches = [];
    readonly List<HotLoop> _loops = [];
    readonly List<SteppedOperand> _operands = [];

    /// <summary>Where the variables are, and how many operands stand for each.</summary>
    readonly uint[] _variables;
    readonly int[] _standIns;
    int _standInsInAll;

    /// <summary>Slots and references in use, and the most there ever were.</summary>
    uint _slots;
    uint _references;
    uint _mostSlots;
    uint _mostReferences;

    /// <summary>The step that made the topmost operand, if it was the last; -1 otherwise.</summary>
    int _producer = -1;

    int _offset;
    /// <summary>Where the next instruction begins.</summary>
    int _next;

    readonly FuelPlan? _plan;

    /// <summary>The last instruction that was paid for.</summary>
    int _paidAt = -1;

    /// <summary>Whether calls and iterations are counted, as the function may be compiled later.</summary>
    readonly bool _isCounted;

    /// <summary>Blocks that catch around the instruction.</summary>
    int _openTries;

    StepWriter(ModuleSteps module, int index)
    {
        _image = module.Image;
        _options = module.Options;
        _isCounted = module.Hot is not null;
        _index = index;
        _plan = _options.Fuel ? FuelPlan.Of(_image, _image.Bodies[index - _image.ImportedFunctions]) : null;
        _type = _image.Functions[index];
        _body = _image.Bodies[index - _image.ImportedFunctions];
        _facts = module.Facts[index - _image.ImportedFunctions];
        var guess = Math.Min((_body.End - _body.Start) / 3, 1 << 16);
        (_steps, _offsets) = (new(guess), new(guess));
        _variables = new uint[_facts.Locals.Length];
        _standIns = new int[_facts.Locals.Length];
    }

    internal static FunctionSteps Write(ModuleSteps module, int index) => new StepWriter(module, index).Write(upTo: int.MaxValue);

    /// <summary>The operands that the instruction of a step finds, topmost last.</summary>
    internal static (SteppedOperand[] Operands, uint[] Variables) OperandsAt(ModuleSteps module, int index, int step)
    {
        var writer = new StepWriter(module, index);
        writer.Write(step);
        return ([.. writer._operandsBefore], writer._variables);
    }

    List<SteppedOperand> _operandsBefore = [];

    FunctionSteps Write(int upTo)
    {
        var parameters = PlaceVariables();
        var reader = InstructionReader.OfBody(_image, _body);
        OpenFunction();
        if (_isCounted)
            Emit(new Step { Code = StepCodes.CountCall });
        if (_options.Deterministic && _facts.HasCall)
            Emit(new Step { Code = StepCodes.TakeStack });
        PayAt(reader.Position);
        if (_facts.HasCall)
            AskFuel();
        while (_blocks.Count > 0)
        {
            var instruction = reader.Next();
            (_offset, _next) = (instruction.ByteOffset, reader.Position);
            if (upTo != int.MaxValue)
                _operandsBefore = [.. _operands];
            if (_reachable)
            {
                PayAt(_offset);
                Write(instruction);
            }
            else
            {
                Skip(instruction);
            }

            if (_steps.Count > upTo)
                break;
            if (_steps.Count > MostSteps)
                throw new InvalidModuleException($"a function has more than {MostSteps} steps", _body.Start);
        }

        if (_mostReferences > 0)
            ReturnWithReferences();
        var steps = GC.AllocateUninitializedArray<Step>(_steps.Count, pinned: true);
        CollectionsMarshal.AsSpan(_steps).CopyTo(steps);
        var (resultSlots, resultReferences) = Extent(_type.Results.AsSpan());
        return new FunctionSteps(_index, _type, steps, [.. _offsets])
        {
            Slots = Math.Max(_mostSlots, resultSlots),
            ParameterSlots = parameters.Slots,
            VariableSlots = _variableSlots,
            References = (int)Math.Max(_mostReferences, resultReferences),
            ParameterReferences = (int)parameters.References,
            StackCost = _options.Deterministic ? StackCost.Of(_facts, _body) : 0,
            ResultSlots = (int)resultSlots,
            ResultReferences = (int)resultReferences,
            Rare = [.. _rare],
            Loops = [.. _loops],
            Warmth = _options.Warming.ThresholdOf(_index),
            Catches = [.. _catches],
        };
    }

    uint _variableSlots;

    (uint Slots, uint References) PlaceVariables()
    {
        for (var i = 0; i < _variables.Length; i++)
        {
            var kind = _facts.Locals[i].Kind;
            _variables[i] = kind.IsReference ? _references++ : _slots;
            _slots += Width(kind);
        }

        _variableSlots = _slots;
        (_mostSlots, _mostReferences) = (_slots, _references);
        return Extent(_type.Parameters.AsSpan());
    }

    /// <summary>Slots that values of the kind take; none for references.</summary>
    static uint Width(ValueKind kind) => kind.IsReference ? 0u : kind == ValueKind.V128 ? 2u : 1u;

    internal static (uint Slots, uint References) Extent(ReadOnlySpan<WasmType> types)
    {
        var (slots, references) = (0u, 0u);
        foreach (var type in types)
        {
            slots += Width(type.Kind);
            references += type.IsReference ? 1u : 0u;
        }

        return (slots, references);
    }

    /// <summary>The short return does not clear references.</summary>
    void ReturnWithReferences()
    {
        foreach (ref var step in CollectionsMarshal.AsSpan(_steps))
        {
            if (step.Code == StepCodes.ReturnOne)
                step.Code = StepCodes.ReturnAll;
        }
    }

    int Emit(in Step step)
    {
        _producer = -1;
        _steps.Add(step);
        _offsets.Add(_offset);
        return _steps.Count - 1;
    }

    ref Step At(int step) => ref CollectionsMarshal.AsSpan(_steps)[step];

    /// <summary>Where the next operand of a kind is at home.</summary>
    uint NextHome(ValueKind kind) => kind.IsReference ? _references : _slots;

    /// <summary>Pushes an operand that is at home, and says where that is.</summary>
    uint Push(ValueKind kind)
    {
        var home = NextHome(kind);
        Push(new SteppedOperand(kind, home, home));
        return home;
    }

    void Push(in SteppedOperand operand)
    {
        _operands.Add(operand);
        if (operand.Kind.IsReference)
            _mostReferences = Math.Max(_mostReferences, ++_references);
        else
            _mostSlots = Math.Max(_mostSlots, _slots += Width(operand.Kind));
    }

    void PushVariable(int index)
    {
        var kind = _facts.Locals[index].Kind;
        Push(new SteppedOperand(kind, NextHome(kind), _variables[index]) { Variable = index });
        _standIns[index]++;
        _standInsInAll++;
    }

    void PushConstant(ValueKind kind, long bits, long high = 0)
    {
        var home = NextHome(kind);
        Push(new SteppedOperand(kind, home, home) { IsConstant = true, Bits = bits, High = high });
    }

    SteppedOperand Pop()
    {
        var operand = _operands[^1];
        _producer = -1;
        _operands.RemoveAt(_operands.Count - 1);
        if (operand.Kind.IsReference)
            _references--;
        else
            _slots -= Width(operand.Kind);
        Forget(operand);
        return operand;
    }

    void Forget(in SteppedOperand operand)
    {
        if (operand.Variable < 0)
            return;
        _standIns[operand.Variable]--;
        _standInsInAll--;
    }

    void CutTo(int height)
    {
        while (_operands.Count > height)
            Pop();
    }

    /// <summary>Emits what puts an operand into a place.</summary>
    void MoveTo(uint place, in SteppedOperand operand)
    {
        if (operand.Kind.IsReference)
            EmitRare(new Instruction { Opcode = operand.IsConstant ? MoveNull : MoveReference, Targets = [], Catches = [] }, place, operand.Place, operand.Kind);
        else if (operand is { IsConstant: true, Kind: ValueKind.V128 })
            EmitRare(new Instruction { Opcode = MoveConstant, Bits = operand.Bits, High = operand.High, Targets = [], Catches = [] }, place, 0, operand.Kind);
        else if (operand.IsConstant)
            Emit(new Step { Code = StepCodes.Constant, A = place, Bits = operand.Bits });
        else
            Emit(new Step { Code = operand.Kind == ValueKind.V128 ? StepCodes.MoveVector : StepCodes.Move, A = place, B = operand.Place });
    }

    /// <summary>Steps of ours that the rare ones handle.</summary>
    internal const Opcode MoveReference = (Opcode)0xFF0000;
    internal const Opcode MoveConstant = (Opcode)0xFF0001;
    internal const Opcode CanonicalNaN32 = (Opcode)0xFF0002;
    internal const Opcode CanonicalNaN64 = (Opcode)0xFF0003;
    internal const Opcode MoveReferences = (Opcode)0xFF0004;
    internal const Opcode MoveNull = (Opcode)0xFF0005;

    int EmitRare(in Instruction instruction, uint a, uint b, ValueKind kind)
    {
        var rare = new RareStep(instruction) { Data = kind };
        _rare.Add(rare);
        return Emit(new Step { Code = StepCodes.Rare, A = a, B = b, Bits = _rare.Count - 1 });
    }

    /// <summary>Brings an operand home.</summary>
    void Settle(int position)
    {
        var operand = _operands[position];
        if (operand.IsAtHome)
            return;
        MoveTo(operand.Home, operand);
        Forget(operand);
        _operands[position] = new SteppedOperand(operand.Kind, operand.Home, operand.Home);
    }

    void SettleTop(int count)
    {
        for (var i = _operands.Count - count; i < _operands.Count; i++)
            Settle(i);
    }

    /// <summary>The variable is about to change: operands that stand for it get their values now.</summary>
    void Detach(int variable)
    {
        for (var i = _operands.Count - 1; _standIns[variable] > 0; i--)
        {
            if (_operands[i].Variable == variable)
                Settle(i);
        }
    }

    void DetachAll()
    {
        for (var i = _operands.Count - 1; _standInsInAll > 0; i--)
        {
            if (_operands[i].Variable >= 0)
                Settle(i);
        }
    }

    /// <summary>Pops an operand that an instruction reads, from wherever it is.</summary>
    uint Take()
    {
        if (_operands[^1].IsConstant)
            Settle(_operands.Count - 1);
        return Pop().Place;
    }
}

/// <summary>A value on WebAssembly's operand stack while steps are written.</summary>
/// <param name="Home">The place that its height gives it.</param>
/// <param name="Place">The place where it is.</param>
readonly record struct SteppedOperand(ValueKind Kind, uint Home, uint Place)
{
    /// <summary>The variable that it stands for, or -1.</summary>
    internal int Variable { get; init; } = -1;

    internal bool IsConstant { get; init; }

    internal long Bits { get; init; }

    internal long High { get; init; }

    internal bool IsAtHome => !IsConstant && Variable < 0;
}
