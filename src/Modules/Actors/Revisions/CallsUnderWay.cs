namespace Allotrope.Actors;

/// <summary>Counts the calls that a revision has under way, so that it can be disposed after the last of them.</summary>
sealed class CallsUnderWay
{
    readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _users = 1; // calls under way, and one until they are drained

    /// <summary>Counts a call in; false once they are drained.</summary>
    public bool TryEnter()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }
        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _drained.SetResult();
    }

    /// <summary>Ends when the last call has left; to be called once.</summary>
    public Task DrainAsync()
    {
        Exit();
        return _drained.Task;
    }
}
