namespace Allotrope.Actors;

/// <summary>
/// What a call may still take of time. It stands still while the guest waits for others, such as a client that reads slowly, and begins anew with what
/// counts as progress. Any thread may use it.
/// </summary>
/// <param name="deadline">When it is over, on the monitor's clock.</param>
sealed class TimeBudget(GuestMonitor monitor, long deadline)
{
    readonly Lock _gate = new();
    long _deadline = deadline;
    TimeSpan _left;

    /// <summary>When it is over; never while it stands still.</summary>
    public long Deadline => Volatile.Read(ref _deadline);

    public TimeSpan Left
    {
        get
        {
            lock (_gate)
                return IsStill ? _left : monitor.Until(_deadline);
        }
    }

    bool IsStill => _deadline == long.MaxValue;

    public void StandStill()
    {
        lock (_gate)
        {
            if (IsStill)
                return;
            _left = monitor.Until(_deadline);
            Volatile.Write(ref _deadline, long.MaxValue);
        }
    }

    /// <summary>Nothing happens to one that does not stand still.</summary>
    public void GoOn()
    {
        lock (_gate)
        {
            if (IsStill)
                Volatile.Write(ref _deadline, monitor.After(_left));
        }
    }

    /// <summary>There is this much more.</summary>
    public void Extend(TimeSpan time)
    {
        lock (_gate)
        {
            if (IsStill)
                _left += time;
            else
                Volatile.Write(ref _deadline, monitor.After(monitor.Until(_deadline) + time));
        }
    }

    /// <summary>There is this much from now on.</summary>
    public void Renew(TimeSpan time)
    {
        lock (_gate)
        {
            _left = time;
            if (!IsStill)
                Volatile.Write(ref _deadline, monitor.After(time));
        }
    }
}
