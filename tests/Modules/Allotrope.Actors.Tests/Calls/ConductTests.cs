namespace Allotrope.Actors.Tests;

public sealed class ConductTests
{
    static readonly TimeSpan Swift = TimeSpan.FromMicroseconds(10);
    static readonly RunEnd Good = new(StopReason.None, Long: false, Blocked: false);
    static readonly RunEnd Long = new(StopReason.None, Long: true, Blocked: false);
    static readonly RunEnd Blocked = new(StopReason.None, Long: false, Blocked: true);

    readonly Conduct _conduct = new();

    [Fact]
    public void A_stranger_runs_on_a_guest_thread() => Assert.Equal(Place.Prompt, _conduct.Next);

    [Fact]
    public void Many_swift_calls_earn_the_callers_thread()
    {
        Assert.Equal(64, CallsUntilTrusted());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_that_runs_long_or_traps_is_followed_by_some_in_the_slow_lane(bool traps)
    {
        Record(traps ? Good : Long, completed: !traps);

        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(Place.Slow, _conduct.Next);
            Record(Good);
        }
        Assert.Equal(Place.Prompt, _conduct.Next);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Trust_betrayed_costs_twice_as_much_each_time(bool byRunningLong)
    {
        for (var trial = 64; trial <= 1024; trial *= 2)
        {
            Assert.Equal(trial, CallsUntilTrusted());
            _conduct.Record(byRunningLong ? Long : Blocked, Swift, completed: true, onBorrowedThread: true);
        }
    }

    [Fact]
    public void An_actor_that_waits_for_its_host_is_never_trusted()
    {
        for (var i = 0; i < 1000; i++)
        {
            Record(Good);
            if (i % 10 == 0)
                Record(Blocked);
            Assert.Equal(Place.Prompt, _conduct.Next);
        }
    }

    [Fact]
    public void One_call_delayed_by_a_busy_machine_does_not_undo_long_trust()
    {
        for (var i = 0; i < 1000; i++)
            Record(Good);
        _conduct.Record(Good, TimeSpan.FromMilliseconds(3), completed: true, onBorrowedThread: true);

        Assert.Equal(Place.Here, _conduct.Next);
    }

    int CallsUntilTrusted()
    {
        var calls = 0;
        while (_conduct.Next != Place.Here && calls < 1 << 20)
        {
            Record(Good);
            calls++;
        }
        return calls;
    }

    void Record(RunEnd end, bool completed = true) => _conduct.Record(end, Swift, completed, onBorrowedThread: false);
}
