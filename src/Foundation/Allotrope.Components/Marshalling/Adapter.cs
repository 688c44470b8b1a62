namespace Allotrope.Components;

/// <summary>How a component's function is called with values whose types nobody knew before: by another component, or by a host that takes any.</summary>
/// <param name="Signature">Its types on the way.</param>
/// <param name="Code">The callee's half.</param>
sealed record Adapter(Signature Signature, ExportCode Code)
{
    Func<Delegate, object?[], ValueTask<object?>>? _call;

    /// <summary>Calls a delegate of <see cref="Code"/> with values.</summary>
    internal Func<Delegate, object?[], ValueTask<object?>> Call => _call ??= AnyCall.Unpack(Signature);
}
