using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>The thread on which the store's host wants its guests to go on.</summary>
readonly struct ChosenThread(Guard guard) : ICriticalNotifyCompletion
{
    public bool IsCompleted => guard.Continuing is null;

    public ChosenThread GetAwaiter() => this;

    public void OnCompleted(Action continuation) => guard.Continuing!(continuation);

    public void UnsafeOnCompleted(Action continuation) => guard.Continuing!(continuation);

    public void GetResult()
    {
    }
}
