using Allotrope.Conformance;
using Allotrope.Wasi.Clocks;

namespace Allotrope.Wasi.Tests.Clocks;

public class ClockTests
{
    readonly ManualTime _time = new();

    [Fact]
    public void The_monotonic_clock_counts_nanoseconds()
    {
        var clock = new MonotonicClock(_time);
        var before = clock.Now();
        _time.Advance(TimeSpan.FromMicroseconds(3));

        Assert.Equal(3000ul, clock.Now() - before);
        Assert.Equal(100ul, clock.Resolution());
    }

    [Fact]
    public void The_wall_clock_counts_from_1970()
    {
        var clock = new WallClock(_time);
        _time.Advance(TimeSpan.FromMilliseconds(1500));

        Assert.Equal(new Datetime((ulong)new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero).ToUnixTimeSeconds(), 500_000_000), clock.Now());
    }

    [Fact]
    public async Task An_instant_is_ready_when_it_has_come()
    {
        var clock = new MonotonicClock(_time);
        using var pollable = clock.SubscribeInstant(clock.Now() + 2_000_000);
        var block = pollable.Block().AsTask();
        Assert.False(pollable.Ready());

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(pollable.Ready());
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await block;
        Assert.True(pollable.Ready());
    }

    [Fact]
    public void A_duration_beyond_the_end_of_time_is_never_over()
    {
        using var pollable = new MonotonicClock(_time).SubscribeDuration(ulong.MaxValue);
        var block = pollable.Block();
        _time.Advance(TimeSpan.FromDays(100));

        Assert.False(block.IsCompleted);
    }
}
