namespace Allotrope.Wasm;

/// <summary>What each node of a call graph does with all that it calls, callees first.</summary>
sealed class ModuleEffects
{
    readonly ModuleImage _image;
    readonly FunctionFacts[] _facts;
    readonly Calls _calls;
    readonly Circles _circles;
    readonly Effects[] _ofCircle;
    readonly Dictionary<int, string> _exportNames = [];

    internal ModuleEffects(ModuleImage image, FunctionFacts[] facts, Calls calls, Circles circles)
    {
        (_image, _facts, _calls, _circles) = (image, facts, calls, circles);
        _ofCircle = new Effects[circles.Count];
        for (var circle = 0; circle < circles.Count; circle++)
            _ofCircle[circle] = Sum(circle);
        foreach (var export in image.Exports.Where(export => export.Type is ExternType.Func))
            _exportNames.TryAdd(export.Index, export.Name);
    }

    internal ExportSignals Describe(string name, int function)
    {
        var effects = _ofCircle[_circles.Of(function)];
        return new(name, function)
        {
            CallsOutside = effects.Kinds.HasFlag(EffectKinds.CallsOutside),
            Recurses = effects.Kinds.HasFlag(EffectKinds.Recurses),
            MostInstructions = effects.Steps.OrNull,
            MostDepth = effects.Depth.OrNull,
            MostStackBytes = effects.Stack.OrNull,
            MostPagesGrown = effects.Pages.OrNull,
            Traps = [.. Enum.GetValues<TrapKind>().Where(kind => (effects.Traps >> (int)kind & 1) != 0)],
            Throws = effects.Kinds.HasFlag(EffectKinds.Throws),
            MakesObjects = effects.Kinds.HasFlag(EffectKinds.MakesObjects),
            Unbounded = effects is { Steps.IsNone: true, Culprit: { } culprit } ? culprit with { Name = NameOf(culprit.FunctionIndex) } : null,
        };
    }

    string? NameOf(int function) => _image.Names.Functions.GetValueOrDefault(function) ?? _exportNames.GetValueOrDefault(function);

    /// <summary>Within a circle nothing can be counted; of what it may do otherwise, each member may do all.</summary>
    Effects Sum(int circle)
    {
        var members = _circles.Members(circle);
        if (!_circles.IsRecursive(circle))
            return Of(members[0]);
        var sum = default(Effects);
        var named = -1;
        foreach (var member in members)
        {
            sum = sum.Join(Of(member));
            if (member < _image.Functions.Count && (named < 0 || member < named))
                named = member;
        }

        var reason = members.Contains(_calls.World) ? UnboundedReason.CallBack : UnboundedReason.Recursion;
        return sum.Recursive(Blame(reason, named));
    }

    Effects Of(int node)
    {
        if (node >= _image.ImportedFunctions && node < _image.Functions.Count)
            return new FunctionWalk(_image, _calls, OfCallee, node, _facts[node - _image.ImportedFunctions]).Walk();
        var sum = default(Effects);
        foreach (var callee in _calls.Graph.CalleesOf(node))
            sum = sum.Join(OfCallee(callee));
        if (node < _image.ImportedFunctions)
            return sum with { Depth = sum.Depth + 1 };
        // The world outside may call what it can as often as it likes.
        return node == _calls.World && sum.Depth.Value > 0 ? sum.Recursive(Blame(UnboundedReason.CallBack, 0)) : sum;
    }

    /// <summary>Of a callee in the same circle nothing is known yet, and the circle as a whole has no ceilings anyway.</summary>
    Effects OfCallee(int node) => _ofCircle[_circles.Of(node)];

    UnboundedCode Blame(UnboundedReason reason, int function) => new(
        reason, function, Name: null,
        function < _image.ImportedFunctions ? 0 : _image.Bodies[function - _image.ImportedFunctions].Start);
}
