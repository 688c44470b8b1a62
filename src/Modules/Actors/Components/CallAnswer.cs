using System.Diagnostics.CodeAnalysis;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>What a caller waits for, and that nobody does any more. Any thread may use it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "a token source without a timer holds nothing, and the monitor may look at its token at any time")]
sealed class CallAnswer
{
    readonly TaskCompletionSource<Message> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource _left = new();
    readonly CancellationTokenRegistration _caller;
    string? _whyLeft;

    /// <param name="caller">Says that the caller has left; it counts until <see cref="Settle"/>.</param>
    public CallAnswer(CancellationToken caller) => _caller = caller.UnsafeRegister(static answer => ((CallAnswer)answer!).Leave("the client left"), this);

    public Task<Message> Given => _given.Task;

    /// <summary>Cancelled by <see cref="Leave"/>.</summary>
    public CancellationToken Left => _left.Token;

    /// <summary>The first reason, for people.</summary>
    public string? WhyLeft => _whyLeft;

    /// <summary>Nobody wants it any more.</summary>
    public void Leave(string why)
    {
        Interlocked.CompareExchange(ref _whyLeft, why, null);
        _left.Cancel();
    }

    /// <summary>The answer is on its way, whatever becomes of the caller's token.</summary>
    public void Settle() => _caller.Dispose();

    /// <returns>False when it was answered before.</returns>
    public bool TryGive(Message answer)
    {
        Settle();
        return _given.TrySetResult(answer);
    }

    /// <inheritdoc cref="TryGive"/>
    public bool TryRefuse(Exception why)
    {
        Settle();
        return _given.TrySetException(why);
    }
}
