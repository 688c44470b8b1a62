using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Clocks;

/// <summary><c>wasi:clocks/monotonic-clock</c>.</summary>
public sealed class MonotonicClock(TimeProvider time, CancellationToken stop = default) : IMonotonicClock
{
    public ulong Now() => time.Nanoseconds();

    public ulong Resolution() => time.NanosecondStep();

    public IPollable SubscribeInstant(ulong when) => new Pollable(new Timer(time, when), stop);

    public IPollable SubscribeDuration(ulong when)
    {
        var now = time.Nanoseconds();
        return SubscribeInstant(when > ulong.MaxValue - now ? ulong.MaxValue : now + when);
    }
}
