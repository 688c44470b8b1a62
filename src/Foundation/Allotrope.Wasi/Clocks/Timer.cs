using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Clocks;

/// <summary>A moment of a monotonic clock.</summary>
sealed class Timer(TimeProvider time, ulong when) : IWaitable
{
    /// <summary>The longest that the class library's timers wait; who waits longer looks again.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    public bool Ready => time.Nanoseconds() >= when;

    public bool IsOwn => true;

    public ValueTask WaitAsync(CancellationToken cancellation)
    {
        var now = time.Nanoseconds();
        if (now >= when)
            return ValueTask.CompletedTask;
        // Rounded up: a timer that rings early would be set again and again.
        var ticks = (when - now - 1) / 100 + 1;
        var wait = ticks > (ulong)LongestWait.Ticks ? LongestWait : TimeSpan.FromTicks((long)ticks);
        return new(Task.Delay(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait, time, cancellation));
    }
}
