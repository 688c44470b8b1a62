using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Components;

/// <summary>
/// A function of the host as an instance's core code calls it. The code for it is generated when it is called for the first time: most of what a component
/// imports is not called in most instances.
/// </summary>
[SuppressMessage("Usage", "VSTHRD103", Justification = "the result is there")]
sealed class ImportSite : Site
{
    /// <summary>What is called; its type is the generated code's.</summary>
    internal readonly Delegate Body;

    /// <summary>What the host keeps for the instance.</summary>
    internal readonly object? State;

    /// <summary>What is called when it is a function of another component; null for the host's.</summary>
    internal readonly ExportSite? Callee;

    readonly ImportCode _code;
    Delegate? _generated;

    internal ImportSite(InstanceState instance, HostFunction function, ImportCode code, CanonicalOptions options)
        : base(instance, options)
    {
        (Body, State, Callee, _code) = (function.Body, instance.Root.HostState, function.Callee, code);
        if (Callee is not null)
            (Boundary.Peer, Callee.Boundary.Peer) = (Callee.Boundary, Boundary);
    }

    /// <summary>The generated code for this instance.</summary>
    internal Delegate Code => _generated ?? Generate();

    Delegate Generate()
    {
        _generated = _code.Create(this);
        Resolve(_code.Resources);
        return _generated;
    }

    /// <summary>Gives the guest the result of a function of the host that may wait, now or when it is there.</summary>
    internal static ValueTask<TCore> CompleteAsync<T, TCore>(ImportSite site, ValueTask<T> result, long pointer, Func<ImportSite, T, long, TCore> finish) =>
        result.IsCompletedSuccessfully ? new(finish(site, result.Result, pointer)) : FinishAsync(site, result, pointer, finish);

    /// <summary>The same of a result that goes to memory.</summary>
    internal static ValueTask CompleteInMemoryAsync<T>(ImportSite site, ValueTask<T> result, long pointer, Action<ImportSite, T, long> finish)
    {
        if (!result.IsCompletedSuccessfully)
            return FinishInMemoryAsync(site, result, pointer, finish);
        finish(site, result.Result, pointer);
        return default;
    }

    /// <summary>The same of a function that gives nothing.</summary>
    internal static ValueTask CompleteNothingAsync(ImportSite site, ValueTask result)
    {
        if (!result.IsCompletedSuccessfully)
            return FinishNothingAsync(site, result);
        result.GetAwaiter().GetResult();
        site.End();
        return default;
    }

    static async ValueTask<TCore> FinishAsync<T, TCore>(ImportSite site, ValueTask<T> result, long pointer, Func<ImportSite, T, long, TCore> finish) =>
        finish(site, await result, pointer);

    static async ValueTask FinishInMemoryAsync<T>(ImportSite site, ValueTask<T> result, long pointer, Action<ImportSite, T, long> finish) =>
        finish(site, await result, pointer);

    static async ValueTask FinishNothingAsync(ImportSite site, ValueTask result)
    {
        await result;
        site.End();
    }

    void End()
    {
        Callee?.End();
        if (_code.Lends)
            Boundary.GiveBack();
    }
}
