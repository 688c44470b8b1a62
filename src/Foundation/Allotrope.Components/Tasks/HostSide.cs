namespace Allotrope.Components;

/// <summary>A call of the host, which does not call off what it began.</summary>
sealed class HostSide(Func<object?[]> start, Action<object?> resolve) : ICallSide
{
    internal bool IsResolved { get; private set; }

    public object?[] Start() => start();

    public void Resolve(object? result)
    {
        IsResolved = true;
        resolve(result);
    }

    public void ResolveCancelled() => throw new InvalidOperationException("a call of the host was cancelled, which the host never asks for");
}
