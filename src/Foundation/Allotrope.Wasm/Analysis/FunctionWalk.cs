namespace Allotrope.Wasm;

/// <summary>
/// Goes once over a function's code and adds up what it may do. Of integers it keeps ranges and where they come from, as far as the code since the last
/// label tells; whatever it does not follow may be anything.
/// </summary>
sealed partial class FunctionWalk
{
    readonly ModuleImage _image;
    readonly Calls _calls;
    readonly Func<int, Effects> _effectsOf;
    readonly int _function;
    readonly FunctionFacts _facts;
    readonly Stack<Known> _operands = [];
    readonly List<WalkBlock> _blocks = [];
    Effects _seen;

    /// <param name="effectsOf">What the nodes of the call graph do that the function calls.</param>
    internal FunctionWalk(ModuleImage image, Calls calls, Func<int, Effects> effectsOf, int function, FunctionFacts facts)
    {
        (_image, _calls, _effectsOf, _function, _facts) = (image, calls, effectsOf, function, facts);
        _locals = new Assignments?[facts.Locals.Length];
    }

    internal Effects Walk()
    {
        var body = _image.Bodies[_function - _image.ImportedFunctions];
        var reader = InstructionReader.OfBody(_image, body);
        var plan = FuelPlan.Of(_image, body);
        Open(new WalkBlock(Opcode.Block, body.Start, null));
        WalkBlock outermost;
        do
        {
            outermost = _blocks[0];
            var instruction = reader.Next();
            _blocks[^1].Steps += (ulong)plan.PriceAt(instruction.ByteOffset);
            NoteTraps(instruction);
            Follow(instruction);
        }
        while (_blocks.Count > 0);
        return _seen with
        {
            Steps = outermost.Steps,
            Pages = outermost.Pages,
            Depth = _seen.Depth + 1,
            Stack = _seen.Stack + FrameBytes(),
        };
    }

    /// <summary>A slot for each variable, each operand and each value that branches carry, and what every frame has.</summary>
    ulong FrameBytes()
    {
        const int FrameOverhead = 64;
        var slot = (_facts.UsesVectors ? ValueKind.V128 : ValueKind.I64).SlotBytes;
        return (ulong)(FrameOverhead + (slot * ((long)_facts.Locals.Length + _facts.MaxOperands + _facts.MaxCarried + _facts.TupleValues)));
    }

    void Call(int node, FunctionType type)
    {
        var effects = _effectsOf(node);
        Pop(type.Parameters.Length);
        foreach (var result in type.Results)
            _operands.Push(Known.Any(result.Kind));
        _blocks[^1].Steps += effects.Steps;
        _blocks[^1].Pages += effects.Pages;
        _seen = _seen.Join(effects);
        if (_calls.CallsOutside.Contains(node))
            _seen = _seen with { Kinds = _seen.Kinds | EffectKinds.CallsOutside };
    }

    void Note(EffectKinds kinds) => _seen = _seen with { Kinds = _seen.Kinds | kinds };

    void Blame(UnboundedReason reason, int byteOffset) =>
        _seen = _seen with { Culprit = _seen.Culprit ?? new UnboundedCode(reason, _function, Name: null, byteOffset) };

    Known Pop() => _operands.TryPop(out var known) ? known : Known.Anything;

    Known Peek() => _operands.TryPeek(out var known) ? known : Known.Anything;

    void Pop(int count)
    {
        for (; count > 0 && _operands.Count > 0; count--)
            _operands.Pop();
    }
}
