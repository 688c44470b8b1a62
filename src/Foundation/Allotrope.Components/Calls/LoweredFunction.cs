using System.Collections.Concurrent;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>A component's function that is offered to core code (Canonical ABI, <c>canon lower</c>).</summary>
static class LoweredFunction
{
    /// <summary>Of an asynchronous call: its result is there. None is ever still on its way here.</summary>
    const int Returned = 2;

    internal static Function Create(InstanceState instance, Definition.Lower definition)
    {
        var callee = instance.Functions[definition.Function];
        if (!definition.Options.IsAsync)
        {
            if (callee is HostFunction { IsGenerated: true } host)
                return Code(definition.Code, definition, host.Signature, between: false).Bind(instance, host);
            if ((callee as LiftedFunction)?.TryAdapt(instance, definition) is { } adapter)
                return Code(definition.AdapterCode, definition, adapter.Signature, between: true).Bind(instance, adapter);
        }

        var (options, type) = (definition.Options, definition.Type);
        WitType[] parameters = [.. type.Parameters.Select(parameter => parameter.Type)];
        WitType[] results = type.Result is { } result ? [result] : [];
        return Function.FromValues(definition.CoreType, (_, arguments, values) =>
        {
            instance.RequireMayLeave();
            var scope = new CallScope();
            var context = new AbiContext(instance, options, scope);
            var lifting = new Lifting(context, Flat.FromValues(arguments));
            long[] flat = [];
            callee.Call(
                instance,
                () => lifting.Values(parameters, options.IsAsync ? CanonicalSignature.MostAsyncParameters : CanonicalSignature.MostParameters),
                value => flat = new Lowering(context).Results(
                    results.Length == 0 ? [] : [value], results, options.IsAsync ? 0 : CanonicalSignature.MostResults, lifting));
            scope.GiveBack();
            if (options.IsAsync)
                values[0] = Value.FromInt32(Returned);
            else
                Flat.ToValues(flat, definition.CoreType.Results).CopyTo(values);
        });
    }

    static ImportCode Code(ConcurrentDictionary<Type, ImportCode> known, Definition.Lower definition, Signature signature, bool between) =>
        known.GetOrAdd(signature.Delegate, static (_, each) => new ImportCode(each.definition, each.signature, each.between), (definition, signature, between));
}
