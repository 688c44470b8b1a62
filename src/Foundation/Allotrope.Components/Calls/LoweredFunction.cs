using System.Collections.Concurrent;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>A component's function that is offered to core code (Canonical ABI, <c>canon lower</c>).</summary>
static class LoweredFunction
{
    internal static Function Create(InstanceState instance, Definition.Lower definition)
    {
        var callee = instance.Functions[definition.Function];
        if (callee is LiftedFunction lifted && lifted.Instance.Store != instance.Store)
            instance.Tasks.Loop.TakeOver(lifted.Instance.Tasks.Loop);
        if (!definition.Options.IsAsync)
        {
            if (callee is HostFunction { IsGenerated: true } host)
                return Code(definition.Code, definition, host.Signature, between: false).Bind(instance, host);
            if ((callee as LiftedFunction)?.TryAdapt(instance, definition) is { } adapter)
                return Code(definition.AdapterCode, definition, adapter.Signature, between: true).Bind(instance, adapter);
        }

        var call = new LoweredCall(instance, definition);
        return Function.FromValues(definition.CoreType, (caller, arguments, values) =>
        {
            instance.RequireMayLeave();
            var subtask = new Subtask(call, arguments);
            if (definition.Options.IsAsync)
                values[0] = Value.FromInt32((int)subtask.Run());
            else if (subtask.RunSynchronously(new WaitSite(caller, definition.CoreType)) is var value && values.Length > 0)
                values[0] = value;
        });
    }

    static ImportCode Code(ConcurrentDictionary<Type, ImportCode> known, Definition.Lower definition, Signature signature, bool between) =>
        known.GetOrAdd(signature.Delegate, static (_, each) => new ImportCode(each.definition, each.signature, each.between), (definition, signature, between));
}
