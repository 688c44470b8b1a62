using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A core function that is offered as a component's (Canonical ABI, <c>canon lift</c>). Asynchronous ones run as far as they can without waiting for
/// anything, which nothing here could give them.
/// </summary>
sealed class LiftedFunction : ComponentFunction
{
    /// <summary>What an asynchronous function says when it has ended.</summary>
    const int Exit = 0;

    readonly InstanceState _instance;
    readonly Definition.Lift _definition;
    readonly Function _core;
    readonly Function? _postReturn;
    readonly Function? _callback;
    readonly WitType[] _parameters;
    readonly WitType[] _results;

    internal LiftedFunction(InstanceState instance, Definition.Lift definition)
    {
        (_instance, _definition, Options, Type) = (instance, definition, definition.Options, definition.Type);
        _core = instance.CoreFunctions[definition.CoreFunction];
        _postReturn = Options.PostReturn is { } index ? instance.CoreFunctions[index] : null;
        _callback = Options.Callback is { } callback ? instance.CoreFunctions[callback] : null;
        _parameters = [.. Type.Parameters.Select(parameter => parameter.Type)];
        _results = Type.Result is { } result ? [result] : [];
    }

    internal override ComponentFunctionType Type { get; }

    internal CanonicalOptions Options { get; }

    internal override Type? HostTypeOf(ResourceType resource) => (_instance.ResourceOf(resource) as HostResource)?.Type;

    /// <summary>A delegate of generated code; null for an asynchronous function, which has none yet.</summary>
    /// <exception cref="TypeMismatchException">The delegate is none of such a function.</exception>
    internal TDelegate? TryCreate<TDelegate>()
        where TDelegate : Delegate
    {
        if (Options.IsAsync)
            return null;
        if (!_definition.Code.TryGetValue(typeof(TDelegate), out var code))
        {
            var signature = Signature.Bind(Type, typeof(TDelegate), null, HostTypeOf);
            code = _definition.Code.GetOrAdd(typeof(TDelegate), new ExportCode(signature, _definition, _core.Type));
        }
        else if (HasHandles)
        {
            // The resources of another instance may be others.
            Signature.Bind(Type, typeof(TDelegate), null, HostTypeOf);
        }

        return (TDelegate)code.Create(_instance, null, _core, _postReturn);
    }

    /// <summary>Generated code for values of whatever types; null where they go the slow way.</summary>
    internal override Func<object?[], ValueTask<object?>>? TryTakeValues() =>
        !Options.IsAsync && AdapterOf(between: false) is { } adapter && adapter.Code.Create(_instance, null, _core, _postReturn) is var function
            ? arguments => adapter.Call(function, arguments)
            : null;

    /// <summary>What another component's core code calls it by; null where values go the slow way.</summary>
    internal HostFunction? TryAdapt(InstanceState caller, Definition.Lower definition)
    {
        // Of a component that calls itself the allocator could change what was looked at, and a site would be in two calls at once.
        if (Options.IsAsync || caller == _instance)
            return null;
        // The caller's names of the resources are others than the callee's.
        return AdapterOf(between: true) is { } adapter
            ? new HostFunction(adapter.Code.Create(_instance, caller, _core, _postReturn, out var site), PlainShapes.TrySign(definition.Type, between: true, Waits)!, "", _ => null) { Callee = site }
            : null;
    }

    /// <summary>Whether its code may be left in the middle.</summary>
    bool Waits => _core.Instance is { Module.Options.Suspendable.IsNone: false };

    Adapter? AdapterOf(bool between) => _definition.Adapters.GetOrAdd((between, Waits), static (form, self) =>
        PlainShapes.TrySign(self.Type, form.Between, form.Waits) is { } signature
            ? new Adapter(signature, new ExportCode(signature, self._definition, self._core.Type, form.Between))
            : null, this);

    bool HasHandles => Array.Exists(_parameters, type => type.HasBorrow || type.HasOwn) || Array.Exists(_results, type => type.HasOwn);

    internal override void Call(InstanceState? caller, Func<object?[]> start, Action<object?> resolve)
    {
        _instance.EnterFrom(caller);
        var outer = _instance.Current;
        var scope = _instance.Current = new CallScope { Function = this, Resolve = resolve };
        var context = new AbiContext(_instance, Options, scope);
        var arguments = Flat.ToValues(Lower(context, caller, outer, start), _core.Type.Parameters);
        var results = new Value[_core.Type.Results.Length];
        Invoke(_core, arguments, results);
        if (Options.IsAsync)
            RequireEnded(scope, results);
        else
            Return(context, scope, results, resolve);
        _instance.Current = outer;
        _instance.LeaveTo(caller);
    }

    /// <summary>What is wrong with the host's arguments is not the guest's fault: it can be entered again.</summary>
    long[] Lower(AbiContext context, InstanceState? caller, CallScope outer, Func<object?[]> start)
    {
        try
        {
            return new Lowering(context).Values(start(), _parameters, CanonicalSignature.MostParameters);
        }
        catch (Exception e) when (caller is null && e is not (Trap or ComponentTrap))
        {
            _instance.Current = outer;
            _instance.LeaveTo(caller);
            throw;
        }
    }

    void Return(AbiContext context, CallScope scope, Value[] results, Action<object?> resolve)
    {
        var lifted = new Lifting(context, Flat.FromValues(results)).Values(_results, CanonicalSignature.MostResults);
        scope.RequireGivenBack();
        resolve(_results.Length == 0 ? null : lifted[0]);
        if (_postReturn is null)
            return;
        _instance.MayLeave = false;
        Invoke(_postReturn, results, []);
        _instance.MayLeave = true;
    }

    /// <summary>An asynchronous function ends at once or wants to be called again, when something has happened or others have had their turn.</summary>
    void RequireEnded(CallScope scope, Value[] results)
    {
        if (_callback is not null && results[0].AsInt32() != Exit)
            throw new ComponentTrap("asynchronous functions that wait are not supported");
        if (!scope.IsResolved)
            throw new ComponentTrap("an asynchronous function ended without a result");
    }

    /// <summary>Exceptions of guests end at the boundary.</summary>
    internal static void Invoke(Function function, ReadOnlySpan<Value> arguments, Span<Value> results)
    {
        try
        {
            function.Invoke(arguments, results);
        }
        catch (GuestException e)
        {
            throw ComponentTrap.Uncaught(e);
        }
    }
}
