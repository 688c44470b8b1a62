namespace Allotrope.Actors.Tests;

public sealed class InstancePoolTests : IDisposable
{
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    const int Most = 1000;

    readonly ManualTime _time = new();
    readonly IdleMemory _memory = new(Most);
    readonly GuestMonitor _monitor;

    public InstancePoolTests() => _monitor = new GuestMonitor(_time);

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void What_nobody_needed_for_long_goes_but_for_the_last()
    {
        using var pool = new InstancePool<Instance>(_monitor, _memory, 10, Idle);
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
        using var pool = new InstancePool<Instance>(_monitor, _memory, 10);
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
        using var pool = new InstancePool<Instance>(_monitor, _memory, 10);
        pool.Return(new Instance());
        pool.Return(new Instance());
        _time.Advance(TimeSpan.FromDays(1));
        pool.Trim();
        Assert.Equal(2, pool.Count);
    }

    [Fact]
    public void Beyond_what_the_node_has_to_spare_those_go_first_that_were_not_used_for_longest_whosesoever()
    {
        using var one = new InstancePool<Instance>(_monitor, _memory, 10);
        using var other = new InstancePool<Instance>(_monitor, _memory, 10);
        Instance[] instances = [new() { Weight = 300 }, new() { Weight = 300 }, new() { Weight = 300 }, new() { Weight = 600 }];
        foreach (var (at, instance) in instances.Index())
        {
            (at % 2 == 0 ? one : other).Return(instance);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([true, true, false, false], instances.Select(instance => instance.IsDisposed));
        Assert.Equal(900, _memory.Held);
        Assert.Equal((1, 1), (one.Count, other.Count));
    }

    [Fact]
    public void What_is_heavier_than_all_that_may_be_idle_is_not_kept()
    {
        using var pool = new InstancePool<Instance>(_monitor, _memory, 10);
        var giant = new Instance { Weight = Most + 1 };
        pool.Return(giant);

        Assert.True(giant.IsDisposed);
        Assert.Equal(0, _memory.Held);
    }

    [Fact]
    public void What_is_in_use_or_gone_does_not_count()
    {
        var pool = new InstancePool<Instance>(_monitor, _memory, 10);
        pool.Return(new Instance { Weight = 400 });
        pool.Return(new Instance { Weight = 400 });
        Assert.False(_memory.HasRoomFor(201));
        Assert.True(_memory.HasRoomFor(200));

        _ = pool.Rent();
        Assert.Equal(400, _memory.Held);
        pool.Dispose();
        Assert.Equal(0, _memory.Held);
    }

    [Fact]
    public async Task Many_threads_that_rent_and_return_leave_no_more_than_may_be()
    {
        InstancePool<Instance>[] pools = [.. Enumerable.Range(0, 4).Select(_ => new InstancePool<Instance>(_monitor, _memory, 100))];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var each = 0; each < 2000; each++)
            {
                var pool = pools[(worker + each) % pools.Length];
                pool.Return(pool.Rent() ?? new Instance { Weight = 90 });
                pool.Return(new Instance { Weight = 90 });
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.InRange(_memory.Held, 0, Most);
        Assert.Equal(pools.Sum(pool => pool.Count) * 90, _memory.Held);
        foreach (var pool in pools)
            pool.Dispose();
        Assert.Equal(0, _memory.Held);
    }

    sealed class Instance : IPooledInstance
    {
        public long Weight { get; init; }

        public long IdleSince { get; set; }

        public long Growth { get; init; }

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
