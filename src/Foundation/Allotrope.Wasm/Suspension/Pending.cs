using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>What a suspended guest waits for.</summary>
[SuppressMessage("Usage", "VSTHRD002", Justification = "asked for when it is over")]
abstract class Pending
{
    internal abstract bool IsCompleted { get; }

    internal abstract void OnCompleted(Action continuation);

    /// <summary>Hands the result over.</summary>
    /// <exception cref="Exception">The wait failed or was cancelled: what it failed with.</exception>
    internal abstract void Finish(Suspension suspension);

    internal sealed class Of<T>(ValueTask<T> task) : Pending
    {
        // Where it goes on is nobody's business but the one's who ends the wait.
        readonly ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter _awaiter = task.ConfigureAwait(false).GetAwaiter();

        internal override bool IsCompleted => _awaiter.IsCompleted;

        internal override void OnCompleted(Action continuation) => _awaiter.UnsafeOnCompleted(continuation);

        internal override void Finish(Suspension suspension) => Suspension.Give(_awaiter.GetResult(), suspension);
    }

    internal sealed class OfNothing(ValueTask task) : Pending
    {
        readonly ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _awaiter = task.ConfigureAwait(false).GetAwaiter();

        internal override bool IsCompleted => _awaiter.IsCompleted;

        internal override void OnCompleted(Action continuation) => _awaiter.UnsafeOnCompleted(continuation);

        internal override void Finish(Suspension suspension) => _awaiter.GetResult();
    }
}
