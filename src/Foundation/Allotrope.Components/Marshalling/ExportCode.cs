using System.Linq.Expressions;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// The code of a delegate that calls a component's function: enters the instance, gives it the arguments, calls the core function, reads the result, tells
/// the guest, leaves. It is of no instance; each makes its own delegate of it.
/// </summary>
sealed class ExportCode
{
    readonly FunctionType _core;
    readonly CanonicalOptions _options;
    readonly ParameterExpression _site = Expression.Parameter(typeof(ExportSite), "site");
    readonly HandleSlots _slots;
    readonly Signature _signature;
    readonly bool _between;
    readonly Lazy<Action<ExportSite>> _end;
    readonly Delegate _make;

    /// <param name="signature">The delegate's.</param>
    /// <param name="definition">The function's.</param>
    /// <param name="core">The type of its core function.</param>
    /// <param name="between">Whether another component calls: it reads the result where it lies, so that the guest is told by <see cref="End"/>.</param>
    internal ExportCode(Signature signature, Definition.Lift definition, FunctionType core, bool between = false)
    {
        (_signature, _options, _core, _between) = (signature, definition.Options, core, between);
        _end = new(GenerateEnd);
        _slots = new HandleSlots(Expression.Field(_site, nameof(Site.Resources)));
        CoreDelegate = CoreTypes.Delegate(core, signature.Waits);
        var maker = Expression.Parameter(typeof(ExportSite));
        _make = Expression.Lambda<Func<ExportSite, Delegate>>(Generate(maker), maker).Compile();
    }

    /// <summary>The type of the core function's delegate.</summary>
    internal Type CoreDelegate { get; }

    internal Delegate Create(InstanceState instance, InstanceState? caller, Function core, Function? postReturn) =>
        Create(instance, caller, core, postReturn, out _);

    internal Delegate Create(InstanceState instance, InstanceState? caller, Function core, Function? postReturn, out ExportSite site)
    {
        site = new ExportSite(
            instance, caller, _options, core.AsDelegate(CoreDelegate), postReturn?.AsDelegate(CoreTypes.Delegate(postReturn.Type, waits: false)), _slots.Types, this);
        return ((Func<ExportSite, Delegate>)_make)(site);
    }

    /// <summary>The caller has read the result.</summary>
    internal void End(ExportSite site)
    {
        if (_options.PostReturn is not null)
            _end.Value(site);
    }

    Action<ExportSite> GenerateEnd()
    {
        var kept = Expression.Field(_site, nameof(ExportSite.Kept));
        List<ParameterExpression> variables = [];
        List<Expression> code = [Call(nameof(ExportSite.StepIn))];
        TellGuest(_core.Results.Length == 0 ? null : CoreTypes.Reinterpret(kept, CoreTypes.Of(_core.Results[0].Kind)), variables, code);
        code.Add(Call(nameof(ExportSite.Leave)));
        return Expression.Lambda<Action<ExportSite>>(Expression.Block(typeof(void), variables, code), _site).Compile();
    }

    LambdaExpression Generate(ParameterExpression maker)
    {
        var parameters = Array.ConvertAll(_signature.Parameters, shape => Expression.Parameter(shape.Host));
        List<ParameterExpression> variables = [_site];
        List<Expression> code = [Expression.Assign(_site, maker)];
        var lower = new LowerEmitter(Expression.Field(_site, nameof(Site.Boundary)), _slots, _options.IsWide);
        code.Add(Call(nameof(ExportSite.Enter)));
        var preparation = new List<Expression>();
        var arguments = lower.Arguments(_signature.Parameters, parameters, variables, preparation);
        if (preparation.Count > 0)
            code.Add(Array.TrueForAll(_signature.Parameters, shape => shape is ScalarShape) ? Expression.Block(preparation) : Guarded(Expression.Block(typeof(void), preparation)));
        var invoke = Expression.Invoke(Expression.Convert(Expression.Field(_site, nameof(ExportSite.Core)), CoreDelegate), arguments);
        if (_signature.Waits)
            code.Add(Complete(invoke));
        else
            Finish(Caught(invoke, variables, code), variables, code);
        return Expression.Lambda(_signature.Delegate, Expression.Block(variables, code), parameters);
    }

    /// <summary>Exceptions of guests end at the boundary.</summary>
    static ParameterExpression? Caught(Expression invoke, List<ParameterExpression> variables, List<Expression> code)
    {
        var exception = Expression.Parameter(typeof(GuestException));
        var rethrow = Expression.Throw(Expression.Call(CoreTypes.Method(typeof(ComponentTrap), nameof(ComponentTrap.Uncaught)), exception));
        if (invoke.Type == typeof(void))
        {
            code.Add(Expression.TryCatch(invoke, Expression.Catch(exception, rethrow)));
            return null;
        }

        var result = Expression.Variable(invoke.Type);
        variables.Add(result);
        code.Add(Expression.TryCatch(Expression.Block(typeof(void), Expression.Assign(result, invoke)), Expression.Catch(exception, rethrow)));
        return result;
    }

    TryExpression Guarded(Expression body)
    {
        var exception = Expression.Parameter(typeof(Exception));
        return Expression.TryCatch(body, Expression.Catch(exception, Expression.Block(typeof(void), Call(nameof(ExportSite.Fail), exception), Expression.Rethrow())));
    }

    /// <summary>What follows when the core function has ended; its last expression is the result.</summary>
    void Finish(Expression? core, List<ParameterExpression> variables, List<Expression> code)
    {
        ParameterExpression? result = null;
        if (_signature.Result is { } shape)
        {
            code.Add(Expression.Call(Expression.Field(_site, nameof(Site.Boundary)), CoreTypes.Method(typeof(Boundary), nameof(Boundary.Begin))));
            var lift = new LiftEmitter(Expression.Field(_site, nameof(Site.Boundary)), _slots, _options.IsWide, amongOwn: false);
            result = lift.Values([shape], [core!], CanonicalSignature.MostResults, variables, code)[0];
        }

        if (_signature.Type.Parameters.Any(parameter => parameter.Type.HasBorrow))
            code.Add(Call(nameof(ExportSite.RequireGivenBack)));
        if (_between && _options.PostReturn is not null)
        {
            if (core is not null)
                code.Add(Expression.Assign(Expression.Field(_site, nameof(ExportSite.Kept)), CoreTypes.Reinterpret(core, typeof(long))));
            code.Add(Call(nameof(ExportSite.StepOut)));
        }
        else
        {
            if (_options.PostReturn is not null)
                TellGuest(core, variables, code);
            code.Add(Call(nameof(ExportSite.Leave)));
        }

        if (result is not null)
            code.Add(result);
    }

    void TellGuest(Expression? core, List<ParameterExpression> variables, List<Expression> code)
    {
        code.Add(Call(nameof(ExportSite.BeginPostReturn)));
        var postReturn = Expression.Convert(Expression.Field(_site, nameof(ExportSite.PostReturn)), CoreTypes.Delegate(FunctionType.Of(_core.Results.AsSpan(), []), waits: false));
        _ = Caught(Expression.Invoke(postReturn, core is null ? [] : [core]), variables, code);
        code.Add(Call(nameof(ExportSite.EndPostReturn)));
    }

    /// <summary>For callers that get a task.</summary>
    MethodCallExpression Complete(Expression invoke)
    {
        var core = _core.Results.Length == 0 ? null : Expression.Parameter(CoreTypes.Of(_core.Results[0].Kind));
        var variables = new List<ParameterExpression>();
        var code = new List<Expression>();
        Finish(core, variables, code);
        var finished = Expression.Block(variables, code);
        if (core is null)
            return Expression.Call(CoreTypes.Method(typeof(ExportSite), nameof(ExportSite.CompleteNothingAsync)), _site, invoke, Constant(Expression.Lambda<Action<ExportSite>>(finished, _site)));
        var type = typeof(Func<,,>).MakeGenericType(typeof(ExportSite), core.Type, finished.Type);
        return Expression.Call(
            CoreTypes.Method(typeof(ExportSite), nameof(ExportSite.CompleteAsync)).MakeGenericMethod(core.Type, finished.Type),
            _site, invoke, Constant(Expression.Lambda(type, finished, _site, core)));
    }

    static System.Linq.Expressions.ConstantExpression Constant(LambdaExpression code) => Expression.Constant(code.Compile(), code.Type);

    MethodCallExpression Call(string name, params Expression[] arguments) => Expression.Call(_site, CoreTypes.Method(typeof(ExportSite), name), arguments);
}
