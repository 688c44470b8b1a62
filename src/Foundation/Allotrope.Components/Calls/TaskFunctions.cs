using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// The functions of the Component Model about the call they are made in. Those that have to do with waiting are there so that components which have them
/// can run; calling one is a trap.
/// </summary>
static class TaskFunctions
{
    /// <summary>How often a guest may ask for no more calls.</summary>
    const int MostBackpressure = 1 << 16;

    internal static Function Create(InstanceState instance, Definition.BuiltIn definition)
    {
        ValueCall body = definition.Intrinsic switch
        {
            Intrinsic.ContextGet => (_, _, results) => results[0] = Flat.ToValue(instance.Current.Kept[definition.Slot], definition.CoreType.Results[0]),
            Intrinsic.ContextSet => (_, arguments, _) => instance.Current.Kept[definition.Slot] = Flat.FromValue(arguments[0]),
            Intrinsic.BackpressureIncrement => (_, _, _) => Press(instance, 1),
            Intrinsic.BackpressureDecrement => (_, _, _) => Press(instance, -1),
            Intrinsic.TaskReturn => (_, arguments, _) => Return(instance, definition, arguments),
            _ => (_, _, _) =>
            {
                instance.RequireMayLeave();
                throw new ComponentTrap($"the function {definition.Intrinsic} of asynchronous components is not supported");
            },
        };
        return Function.FromValues(definition.CoreType, body);
    }

    static void Press(InstanceState instance, int change)
    {
        instance.Backpressure += change;
        if (instance.Backpressure is < 0 or MostBackpressure)
            throw new ComponentTrap("backpressure counter overflow");
    }

    static void Return(InstanceState instance, Definition.BuiltIn definition, ReadOnlySpan<Value> arguments)
    {
        instance.RequireMayLeave();
        var scope = instance.Current;
        WitType[] types = [.. ((ComponentFunctionType)definition.Type!).Parameters.Select(parameter => parameter.Type)];
        if (scope.Function is not { Options: { IsAsync: true } options } function
            || !new Matching(new TypeWork()).AreSame(types.FirstOrDefault(), function.Type.Result)
            || options.Encoding != definition.Options.Encoding || options.Memory != definition.Options.Memory)
        {
            throw new ComponentTrap("invalid `task.return` signature and/or options for current task");
        }

        if (scope.IsResolved)
            throw new ComponentTrap("`task.return` called more than once for current task");
        var context = new AbiContext(instance, definition.Options, scope);
        var result = new Lifting(context, Flat.FromValues(arguments)).Values(types, CanonicalSignature.MostParameters);
        scope.RequireGivenBack();
        scope.IsResolved = true;
        scope.Resolve!(types.Length == 0 ? null : result[0]);
    }
}
