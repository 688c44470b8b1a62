namespace Allotrope.Components;

/// <summary>Who called: the host or core code. Is asked for the arguments and told the result when the callee is ready for them, which may be later.</summary>
interface ICallSide
{
    /// <summary>The callee begins.</summary>
    /// <returns>The arguments.</returns>
    object?[] Start();

    /// <summary>The callee has a result; null for none.</summary>
    void Resolve(object? result);

    /// <summary>The callee has ended without one, as it was asked to.</summary>
    void ResolveCancelled();
}
