using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>The functions of the Component Model about the call they are made in (Canonical ABI, <c>task.*</c>, <c>context.*</c> and <c>backpressure.*</c>).</summary>
static class TaskFunctions
{
    internal static Function Create(InstanceState instance, Definition.BuiltIn definition)
    {
        ValueCall body = definition.Intrinsic switch
        {
            Intrinsic.ContextGet => (_, _, results) => results[0] = Flat.ToValue(instance.Current.Kept[definition.Slot], definition.CoreType.Results[0]),
            Intrinsic.ContextSet => (_, arguments, _) => instance.Current.Kept[definition.Slot] = Flat.FromValue(arguments[0]),
            Intrinsic.BackpressureIncrement => (_, _, _) => instance.Tasks.Press(1),
            Intrinsic.BackpressureDecrement => (_, _, _) => instance.Tasks.Press(-1),
            Intrinsic.TaskReturn => (_, arguments, _) => Return(instance, definition, arguments),
            Intrinsic.TaskCancel => (_, _, _) => Cancel(instance),
            Intrinsic.SubtaskCancel or Intrinsic.SubtaskDrop or (>= Intrinsic.WaitableSetNew and <= Intrinsic.WaitableJoin) => WaitableFunctions.Create(instance, definition),
            Intrinsic.ThreadYield or (>= Intrinsic.ThreadIndex and <= Intrinsic.ThreadYieldThenPromote) => ThreadFunctions.Create(instance, definition),
            >= Intrinsic.StreamNew and <= Intrinsic.FutureDropWritable => ChannelFunctions.Create(instance, definition),
            _ => (_, _, _) =>
            {
                instance.RequireMayLeave();
                throw new ComponentTrap($"the function {definition.Intrinsic} of asynchronous components is not supported");
            },
        };
        return Function.FromValues(definition.CoreType, body);
    }

    static void Return(InstanceState instance, Definition.BuiltIn definition, ReadOnlySpan<Value> arguments)
    {
        instance.RequireMayLeave();
        WitType[] types = [.. ((ComponentFunctionType)definition.Type!).Parameters.Select(parameter => parameter.Type)];
        if (instance.Current.Thread?.Task is not { Function: { Options: { IsAsync: true } options } function } task
            || !new Matching(new TypeWork()).AreSame(types.FirstOrDefault(), function.Type.Result)
            || options.Encoding != definition.Options.Encoding
            // The official tests give a memory to a function that it lifts, and none to what it returns by, where no value lies in it.
            || (definition.Options.Memory is not null && instance.MemoryOf(options) != instance.MemoryOf(definition.Options)))
        {
            throw new ComponentTrap("invalid `task.return` signature and/or options for current task");
        }

        var context = new AbiContext(instance, definition.Options, instance.Current);
        var result = new Lifting(context, Flat.FromValues(arguments)).Values(types, CanonicalSignature.MostParameters);
        task.Return(types.Length == 0 ? null : result[0]);
    }

    static void Cancel(InstanceState instance)
    {
        instance.RequireMayLeave();
        if (instance.Current.Thread?.Task is not { Function.Options.IsAsync: true } task)
            throw new ComponentTrap("`task.cancel` called by a task that is not asynchronous");
        task.Cancel();
    }
}
