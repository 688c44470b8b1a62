using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// The code by which core code calls a function of the host: reads the arguments, calls the delegate, gives the guest the result. It is of no instance;
/// each makes its own delegate of it.
/// </summary>
sealed class ImportCode
{
    readonly Definition.Lower _definition;
    readonly Signature _signature;
    readonly ParameterExpression _site = Expression.Parameter(typeof(ImportSite), "site");
    readonly Lazy<(Delegate Make, HandleSlots Slots)> _generated;
    readonly DynamicMethod _entry;
    readonly Function _prototype;

    readonly bool _between;

    /// <param name="definition">The function's.</param>
    /// <param name="signature">The delegate's.</param>
    /// <param name="between">Whether a function of another component is called.</param>
    internal ImportCode(Definition.Lower definition, Signature signature, bool between)
    {
        (_definition, _signature, _between) = (definition, signature, between);
        _generated = new(Generate);
        CoreDelegate = CoreTypes.Delegate(definition.CoreType, signature.Waits);
        _entry = GenerateEntry();
        Lends = definition.Type.Parameters.Any(parameter => parameter.Type.HasBorrow);
        _prototype = Function.FromDelegate(_entry.CreateDelegate(CoreDelegate, null));
    }

    /// <summary>Resources by the places that the code has for them.</summary>
    internal IReadOnlyList<ResourceType> Resources => _generated.Value.Slots.Types;

    /// <summary>Whether handles are lent to the function.</summary>
    internal bool Lends { get; }

    Type CoreDelegate { get; }

    /// <summary>The core function of one instance.</summary>
    internal Function Bind(InstanceState instance, HostFunction function) =>
        _prototype.WithBody(_entry.CreateDelegate(CoreDelegate, new ImportSite(instance, function, this, _definition.Options)));

    /// <summary>The code for one instance.</summary>
    internal Delegate Create(ImportSite site) => ((Func<ImportSite, Delegate>)_generated.Value.Make)(site);

    /// <summary>Calls the site's code, which may not be there yet.</summary>
    DynamicMethod GenerateEntry()
    {
        var invoke = CoreDelegate.GetMethod("Invoke")!;
        Type[] parameters = [typeof(ImportSite), .. invoke.GetParameters().Select(parameter => parameter.ParameterType)];
        var method = new DynamicMethod("CallHost", invoke.ReturnType, parameters, typeof(ImportSite).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(ImportSite).GetProperty(nameof(ImportSite.Code), BindingFlags.NonPublic | BindingFlags.Instance)!.GetMethod!);
        il.Emit(OpCodes.Castclass, CoreDelegate);
        for (var i = 1; i < parameters.Length; i++)
            il.Emit(OpCodes.Ldarg_S, (byte)i);
        il.Emit(OpCodes.Callvirt, invoke);
        il.Emit(OpCodes.Ret);
        return method;
    }

    (Delegate, HandleSlots) Generate()
    {
        var maker = Expression.Parameter(typeof(ImportSite));
        var slots = new HandleSlots(Expression.Field(_site, nameof(Site.Resources)));
        Expression[] parameters = [.. _definition.CoreType.Parameters.Select(parameter => Expression.Parameter(CoreTypes.Of(parameter.Kind)))];
        List<ParameterExpression> variables = [_site];
        List<Expression> code = [Expression.Assign(_site, maker), Expression.Call(Boundary, CoreTypes.Method(typeof(Boundary), nameof(Components.Boundary.BeginImport)))];
        if (Lends)
            code.Add(Expression.Call(Boundary, CoreTypes.Method(typeof(Boundary), nameof(Components.Boundary.BeginLending))));
        var types = _definition.Type.Parameters.Select(parameter => parameter.Type).ToArray();
        var lift = new LiftEmitter(Boundary, slots, _definition.Options.IsWide, amongOwn: types.Any(type => type.HasBorrow) && types.Any(type => type.HasOwn));
        var values = lift.Values(_signature.Parameters, parameters, CanonicalSignature.MostParameters, variables, code);
        Expression[] arguments = _signature.TakesState
            ? [Expression.Convert(Expression.Field(_site, nameof(ImportSite.State)), _signature.Delegate.GetMethod("Invoke")!.GetParameters()[0].ParameterType), .. values]
            : values;
        var invoke = Expression.Invoke(Expression.Convert(Expression.Field(_site, nameof(ImportSite.Body)), _signature.Delegate), arguments);
        // Where the result goes is said last, when it does not fit.
        var pointer = parameters.Length > 0 && _signature.Result is not null && _definition.CoreType.Results.IsEmpty ? parameters[^1] : null;
        if (_signature.Waits)
            code.Add(Complete(invoke, pointer, slots));
        else if (invoke.Type == typeof(void))
            code.AddRange([invoke, End(), GiveBack()]);
        else
            Finish(invoke, pointer, slots, variables, code);
        var body = Expression.Lambda(CoreDelegate, Expression.Block(variables, code), parameters.Cast<ParameterExpression>());
        return (Expression.Lambda<Func<ImportSite, Delegate>>(body, maker).Compile(), slots);
    }

    MemberExpression Boundary => Expression.Field(_site, nameof(Site.Boundary));

    Expression GiveBack() => Lends
        ? Expression.Call(Boundary, CoreTypes.Method(typeof(Boundary), nameof(Components.Boundary.GiveBack)))
        : Expression.Empty();

    Expression End() => _between
        ? Expression.Call(Expression.Field(_site, nameof(ImportSite.Callee)), CoreTypes.Method(typeof(ExportSite), nameof(ExportSite.End)))
        : Expression.Empty();

    /// <summary>What follows when the host's function has ended; its last expression is the result.</summary>
    void Finish(Expression result, Expression? pointer, HandleSlots slots, List<ParameterExpression> variables, List<Expression> code)
    {
        var value = Expression.Variable(result.Type);
        variables.Add(value);
        code.Add(Expression.Assign(value, result));
        code.Add(GiveBack());
        var lower = new LowerEmitter(Boundary, slots, _definition.Options.IsWide);
        var core = lower.Result(_signature.Result!, value, pointer, variables, code);
        code.Add(End());
        code.Add(core ?? Expression.Empty());
    }

    /// <summary>For functions of the host that may wait.</summary>
    MethodCallExpression Complete(Expression invoke, Expression? pointer, HandleSlots slots)
    {
        if (_signature.Result is not { } shape)
            return Expression.Call(CoreTypes.Method(typeof(ImportSite), nameof(ImportSite.CompleteNothingAsync)), _site, invoke);
        var value = Expression.Parameter(shape.Host);
        var address = Expression.Parameter(typeof(long));
        var variables = new List<ParameterExpression>();
        var code = new List<Expression>();
        Finish(value, address, slots, variables, code);
        var finished = Expression.Block(variables, code);
        var given = pointer is null ? Expression.Constant(0L) : CoreTypes.Reinterpret(pointer, typeof(long));
        var (name, type, generic) = finished.Type == typeof(void)
            ? (nameof(ImportSite.CompleteInMemoryAsync), typeof(Action<,,>).MakeGenericType(typeof(ImportSite), shape.Host, typeof(long)), new[] { shape.Host })
            : (nameof(ImportSite.CompleteAsync), typeof(Func<,,,>).MakeGenericType(typeof(ImportSite), shape.Host, typeof(long), finished.Type), [shape.Host, finished.Type]);
        return Expression.Call(
            CoreTypes.Method(typeof(ImportSite), name).MakeGenericMethod(generic), _site, invoke, given,
            Expression.Constant(Expression.Lambda(type, finished, _site, value, address).Compile(), type));
    }
}
