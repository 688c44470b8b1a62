using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A core function that is offered as a component's (Canonical ABI, <c>canon lift</c>). Where instances have several calls under way, each is a
/// <see cref="GuestTask"/>; elsewhere a synchronous call needs nothing of that.
/// </summary>
sealed class LiftedFunction : ComponentFunction
{
    readonly Definition.Lift _definition;

    internal LiftedFunction(InstanceState instance, Definition.Lift definition)
    {
        (Instance, _definition, Options, Type) = (instance, definition, definition.Options, definition.Type);
        Core = instance.CoreFunctions[definition.CoreFunction];
        PostReturn = Options.PostReturn is { } index ? instance.CoreFunctions[index] : null;
        Callback = Options.Callback is { } callback ? instance.CoreFunctions[callback] : null;
        Parameters = [.. Type.Parameters.Select(parameter => parameter.Type)];
        Results = Type.Result is { } result ? [result] : [];
    }

    internal override ComponentFunctionType Type { get; }

    internal InstanceState Instance { get; }

    internal CanonicalOptions Options { get; }

    internal Function Core { get; }

    internal Function? PostReturn { get; }

    internal Function? Callback { get; }

    internal WitType[] Parameters { get; }

    internal WitType[] Results { get; }

    /// <summary>Whether a call of it is a task, for which there is no generated code.</summary>
    internal bool IsTask => Type.IsAsync || Instance.IsConcurrent;

    internal override Type? HostTypeOf(ResourceType resource) => (Instance.ResourceOf(resource) as HostResource)?.Type;

    /// <summary>A delegate of generated code; null for one whose calls are tasks.</summary>
    /// <exception cref="TypeMismatchException">The delegate is none of such a function.</exception>
    internal TDelegate? TryCreate<TDelegate>()
        where TDelegate : Delegate
    {
        if (IsTask)
            return null;
        if (!_definition.Code.TryGetValue(typeof(TDelegate), out var code))
        {
            var signature = Signature.Bind(Type, typeof(TDelegate), null, HostTypeOf);
            code = _definition.Code.GetOrAdd(typeof(TDelegate), new ExportCode(signature, _definition, Core.Type));
        }
        else if (HasHandles)
        {
            // The resources of another instance may be others.
            Signature.Bind(Type, typeof(TDelegate), null, HostTypeOf);
        }

        return (TDelegate)code.Create(Instance, null, Core, PostReturn);
    }

    /// <summary>Generated code for values of whatever types; null where they go the slow way.</summary>
    internal override Func<object?[], ValueTask<object?>>? TryTakeValues() =>
        !IsTask && AdapterOf(between: false, Waits) is { } adapter && adapter.Code.Create(Instance, null, Core, PostReturn) is var function
            ? arguments => adapter.Call(function, arguments)
            : null;

    /// <summary>What another component's core code calls it by; null where values go the slow way.</summary>
    internal HostFunction? TryAdapt(InstanceState caller, Definition.Lower definition)
    {
        // Of a component that calls itself the allocator could change what was looked at, and a site would be in two calls at once.
        if (IsTask || caller == Instance)
            return null;
        // The caller's names of the resources are others than the callee's.
        // Where others have their turns while one waits, who waits must be known: there the thread does, as in all synchronous calls of such an instance.
        var waits = Waits && !caller.IsConcurrent;
        return AdapterOf(between: true, waits) is { } adapter
            ? new HostFunction(adapter.Code.Create(Instance, caller, Core, PostReturn, out var site), PlainShapes.TrySign(definition.Type, between: true, waits)!, "", _ => null) { Callee = site }
            : null;
    }

    /// <summary>Whether its code may be left in the middle.</summary>
    bool Waits => Core.Instance is { Module.Options.Suspendable.IsNone: false };

    Adapter? AdapterOf(bool between, bool waits) => _definition.Adapters.GetOrAdd((between, waits), static (form, self) =>
        PlainShapes.TrySign(self.Type, form.Between, form.Waits) is { } signature
            ? new Adapter(signature, new ExportCode(signature, self._definition, self.Core.Type, form.Between))
            : null, this);

    bool HasHandles => Array.Exists(Parameters, type => type.HasBorrow || type.HasOwn) || Array.Exists(Results, type => type.HasOwn);

    internal override GuestTask? Begin(InstanceState caller, ICallSide side, bool mayGoOn)
    {
        if (IsTask)
            return GuestTask.Begin(this, caller, side);
        CallAtOnce(caller, side.Start, side.Resolve);
        return null;
    }

    internal override void Call(InstanceState? caller, Func<object?[]> start, Action<object?> resolve)
    {
        if (IsTask)
            Instance.Tasks.Loop.Complete(this, new HostSide(start, resolve));
        else
            CallAtOnce(caller, start, resolve);
    }

    internal override ValueTask CallAsync(Func<object?[]> start, Action<object?> resolve) =>
        IsTask ? Instance.Tasks.Loop.CompleteAsync(this, new HostSide(start, resolve)) : base.CallAsync(start, resolve);

    void CallAtOnce(InstanceState? caller, Func<object?[]> start, Action<object?> resolve)
    {
        Instance.EnterFrom(caller);
        var outer = Instance.Current;
        var scope = Instance.Current = new CallScope();
        var context = new AbiContext(Instance, Options, scope);
        var arguments = Flat.ToValues(Lower(context, caller, outer, start), Core.Type.Parameters);
        var results = new Value[Core.Type.Results.Length];
        Invoke(Core, arguments, results);
        Return(context, scope, results, resolve);
        Instance.Current = outer;
        Instance.LeaveTo(caller);
    }

    /// <summary>What is wrong with the host's arguments is not the guest's fault: it can be entered again.</summary>
    long[] Lower(AbiContext context, InstanceState? caller, CallScope outer, Func<object?[]> start)
    {
        try
        {
            return new Lowering(context).Values(start(), Parameters, CanonicalSignature.MostParameters);
        }
        catch (Exception e) when (caller is null && e is not (Trap or ComponentTrap))
        {
            Instance.Current = outer;
            Instance.LeaveTo(caller);
            throw;
        }
    }

    void Return(AbiContext context, CallScope scope, Value[] results, Action<object?> resolve)
    {
        var lifted = new Lifting(context, Flat.FromValues(results)).Values(Results, CanonicalSignature.MostResults);
        scope.RequireGivenBack();
        resolve(Results.Length == 0 ? null : lifted[0]);
        if (PostReturn is null)
            return;
        Instance.MayLeave = false;
        Invoke(PostReturn, results, []);
        Instance.MayLeave = true;
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
