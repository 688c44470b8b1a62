namespace Allotrope.Actors.Tests;

public sealed class InstancePoolTests : IDisposable
{
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    readonly ManualTime _time = new();
    readonly GuestMonitor _monitor;

    public InstancePoolTests() => _monitor = new GuestMonitor(_time);

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void What_nobody_needed_for_long_goes_but_for_the_last()
    {
        using var pool = new InstancePool<Instance>(_monitor, 10, Idle);
        var (first, second, third) = (new Instance(), new Instance(), new Instance());
        pool.Return(first);
        pool.Return(second);
        _time.Advance(Idle / 2);
        pool.Return(third);

        _time.Advance(Idle / 2);
        pool.Trim();
        Assert.True(first.IsDisposed);
        Assert.True(second.IsDisposed);
        Assert.Equal(1, pool.Count);

        _time.Advance(Idle);
        pool.Trim();
        Assert.Same(third, pool.Rent());
        Assert.False(third.IsDisposed);
        Assert.Equal(0, pool.Count);
    }

    [Fact]
    public void What_grew_much_goes_soon()
    {
        using var pool = new InstancePool<Instance>(_monitor, 10);
        var (grown, other) = (new Instance { Growth = ActorLimits.IdleGrowthBytes + 1 }, new Instance());
        pool.Return(grown);
        pool.Return(other);
        pool.Trim();
        Assert.Equal(2, pool.Count);
        _time.Advance(ActorLimits.IdleInstance);
        pool.Trim();
        Assert.True(grown.IsDisposed);
        Assert.False(other.IsDisposed);
    }

    [Fact]
    public void Those_of_an_actor_stay_however_long_they_are_idle()
    {
        using var pool = new InstancePool<Instance>(_monitor, 10);
        pool.Return(new Instance());
        pool.Return(new Instance());
        _time.Advance(TimeSpan.FromDays(1));
        pool.Trim();
        Assert.Equal(2, pool.Count);
    }

    sealed class Instance : IPooledInstance
    {
        public long IdleSince { get; set; }

        public long Growth { get; init; }

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
