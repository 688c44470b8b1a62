using System.Diagnostics.CodeAnalysis;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>A component's function as generated code calls it for the host.</summary>
[SuppressMessage("Usage", "VSTHRD103", Justification = "the result is there")]
sealed class ExportSite : Site
{
    /// <summary>A delegate of the core function; its type is the generated code's.</summary>
    internal readonly Delegate Core;

    /// <summary>Is told when the results have been read; null when nothing wants to know.</summary>
    internal readonly Delegate? PostReturn;

    /// <summary>Between two components, the core function's result until the caller has read what it stands for.</summary>
    internal long Kept;

    readonly InstanceState? _caller;
    readonly ExportCode _code;
    CallScope _outer = null!;

    /// <param name="instance">What is called.</param>
    /// <param name="caller">Who calls; null for the host.</param>
    /// <param name="options">Of the function's definition.</param>
    /// <param name="core">See <see cref="Core"/>.</param>
    /// <param name="postReturn">See <see cref="PostReturn"/>.</param>
    /// <param name="resources">Those of the function's type.</param>
    /// <param name="code">What was generated for it.</param>
    internal ExportSite(
        InstanceState instance, InstanceState? caller, CanonicalOptions options, Delegate core, Delegate? postReturn, IReadOnlyList<ResourceType> resources,
        ExportCode code)
        : base(instance, options)
    {
        (_caller, Core, PostReturn, _code) = (caller, core, postReturn, code);
        Resolve(resources);
    }

    /// <summary>Enters the instance. What traps inside never leaves.</summary>
    internal void Enter()
    {
        Instance.EnterFrom(_caller);
        _outer = Instance.Push();
    }

    /// <summary>What is wrong with the host's arguments is not the guest's fault: it can be entered again.</summary>
    internal void Fail(Exception exception)
    {
        if (_caller is null && exception is not (Trap or ComponentTrap))
            Leave();
    }

    /// <summary>The result has been read.</summary>
    internal void BeginPostReturn() => Instance.MayLeave = false;

    internal void EndPostReturn() => Instance.MayLeave = true;

    /// <exception cref="ComponentTrap">The guest has kept what it was lent.</exception>
    internal void RequireGivenBack() => Instance.Current.RequireGivenBack();

    internal void Leave()
    {
        Instance.Pop(_outer);
        Instance.LeaveTo(_caller);
    }

    /// <summary>While the caller reads the result, what goes wrong is not in here.</summary>
    internal void StepOut() => Instance.LeaveTo(_caller);

    internal void StepIn() => Instance.EnterFrom(_caller);

    /// <summary>The caller, which is a component, has read the result.</summary>
    internal void End() => _code.End(this);

    /// <summary>Ends a call whose function gives a value, now or when it is there.</summary>
    internal static ValueTask<T> CompleteAsync<TCore, T>(ExportSite site, ValueTask<TCore> core, Func<ExportSite, TCore, T> finish) =>
        core.IsCompletedSuccessfully ? new(finish(site, core.Result)) : FinishAsync(site, core, finish);

    /// <summary>The same of core code that gives nothing.</summary>
    internal static ValueTask CompleteNothingAsync(ExportSite site, ValueTask core, Action<ExportSite> finish)
    {
        if (!core.IsCompletedSuccessfully)
            return FinishNothingAsync(site, core, finish);
        core.GetAwaiter().GetResult();
        finish(site);
        return default;
    }

    static async ValueTask<T> FinishAsync<TCore, T>(ExportSite site, ValueTask<TCore> core, Func<ExportSite, TCore, T> finish)
    {
        try
        {
            return finish(site, await core);
        }
        catch (GuestException e)
        {
            throw ComponentTrap.Uncaught(e);
        }
    }

    static async ValueTask FinishNothingAsync(ExportSite site, ValueTask core, Action<ExportSite> finish)
    {
        try
        {
            await core;
        }
        catch (GuestException e)
        {
            throw ComponentTrap.Uncaught(e);
        }

        finish(site);
    }
}
