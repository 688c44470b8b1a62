namespace Allotrope.Wasm;

/// <content>
/// Waits end on any thread, also while the host function that began them has not come to its own wait yet, and several at once. So guests that go on
/// enter the store one by one: who finds it another thread's waits until that has left.
/// </content>
sealed partial class Guard
{
    /// <summary>How long another thread may stay in the store until that is taken for a mistake: one that waits for this guest would never leave.</summary>
    static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(5);

    readonly Queue<TaskCompletionSource> _turns = [];

    /// <summary>Not zero while somebody waits for the store to be left.</summary>
    int _turnsWanted;

    /// <summary>The store is free, but somebody is about to enter it.</summary>
    bool _isPromised;

    bool IsElsewhere => Volatile.Read(ref _depth) > 0 && _thread != Environment.CurrentManagedThreadId;

    /// <summary>Ends when a guest may go on: <see cref="EnterAgain"/> must follow.</summary>
    /// <exception cref="InvalidOperationException">Another thread does not leave the store.</exception>
    internal Task WaitForTurnAsync(Suspension suspension)
    {
        lock (_gate)
        {
            if (!_isPromised && !IsElsewhere)
            {
                _isPromised = true;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _turns.Enqueue(turn);
            Volatile.Write(ref _turnsWanted, 1);
            Interlocked.MemoryBarrierProcessWide(); // who leaves sees that, or we that it has left
            PassTurn();
            return WaitAsync(turn, suspension);
        }
    }

    async Task WaitAsync(TaskCompletionSource turn, Suspension suspension)
    {
        try
        {
            await turn.Task.WaitAsync(LongestTurn);
        }
        catch (TimeoutException)
        {
            if (!turn.TrySetCanceled())
                return;
            CountAway(suspension, isAway: false);
            throw Elsewhere();
        }
    }

    static InvalidOperationException Elsewhere() =>
        new("a guest's wait ended while the host runs another of the same store on another thread: await one before calling the next");

    void GiveTurnBack()
    {
        lock (_gate)
        {
            _isPromised = false;
            PassTurn();
        }
    }

    /// <summary>Lets the next one in, if the store is free. To be called with the gate held.</summary>
    void PassTurn()
    {
        if (_isPromised || Volatile.Read(ref _depth) > 0)
            return;
        while (_turns.TryDequeue(out var turn))
        {
            _isPromised = true; // first: whose turn it is enters at once, and then it is no promise any more
            if (turn.TrySetResult())
                break;
            _isPromised = false;
        }

        Volatile.Write(ref _turnsWanted, _turns.Count);
    }
}
