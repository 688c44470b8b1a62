namespace Allotrope.Actors;

/// <summary>Where a call runs.</summary>
enum Place
{
    /// <summary>On the caller's thread: no hand-over, for actors known to answer swiftly and without waiting.</summary>
    Here,

    /// <summary>On a guest thread.</summary>
    Prompt,

    /// <summary>On a guest thread of lowered priority, for actors known to run long.</summary>
    Slow,
}

/// <summary>
/// What an actor's calls so far say about where the next one may run. Trust is earned by swift calls in a row, lost by one call that runs
/// long, waits or traps, and costs twice as many swift calls each time it is regained.
/// </summary>
/// <remarks>Counters are written without a lock by concurrent calls; a lost update delays a decision by one call.</remarks>
sealed class Conduct
{
    /// <summary>Swift calls in a row before an actor first runs on its callers' threads.</summary>
    const int FirstTrial = 64;

    /// <summary>The longest trial: an actor that has failed this often is in practice never trusted again.</summary>
    const int LongestTrial = 1 << 24;

    /// <summary>Calls after a long one, or one that trapped, that begin in the slow lane.</summary>
    const int Probation = 16;

    /// <summary>A call below this is swift: handing it to another thread would cost a good part of it.</summary>
    static readonly TimeSpan Swift = TimeSpan.FromMilliseconds(1);

    int _trial = FirstTrial;
    int _swift;
    int _probation;

    public Place Next =>
        _probation > 0 ? Place.Slow
        : _swift >= _trial ? Place.Here
        : Place.Prompt;

    /// <summary>A call that is still under way has run long: the next ones need not find out.</summary>
    public void TurnLong() => _probation = Probation;

    /// <param name="completed">The guest returned: it did not trap and was not stopped, which costs the host more than a call.</param>
    public void Record(RunEnd end, TimeSpan elapsed, bool completed, bool onBorrowedThread)
    {
        if (end.Long || end.Blocked || !completed)
        {
            if (onBorrowedThread)
                _trial = Math.Min(_trial * 2, LongestTrial);
            _swift = 0;
            if (end.Long || !completed)
                _probation = Probation;
            return;
        }
        if (_probation > 0)
            _probation--;
        if (elapsed < Swift)
            _swift = Math.Min(_swift + 1, 2 * _trial);
        else
            _swift = Math.Max(_swift - (FirstTrial / 4), 0); // not yet distrust: the machine may just have been busy
    }
}
