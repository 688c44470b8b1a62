using System.Diagnostics;

namespace Allotrope.Actors.Tests;

/// <summary>When the monitor looks, and when it rests.</summary>
public sealed class GuestMonitorTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly GuestMonitor _monitor = new(TimeProvider.System);

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public async Task It_sleeps_while_there_is_nothing_to_watch_and_wakes_when_told()
    {
        var room = new Room();
        _monitor.Add(room);
        await UntilAsync(() => _monitor.IsAsleep);
        var looks = room.Looks;
        room.IsOccupied = true;
        _monitor.Wake();

        await UntilAsync(() => room.Looks > looks + 10);
        Assert.False(_monitor.IsAsleep);
    }

    [Fact]
    public async Task Many_who_wake_it_at_once_do_not_keep_it_from_resting_between_two_looks()
    {
        var room = new Room();
        _monitor.Add(room);
        for (var round = 0; round < 5; round++)
        {
            room.IsOccupied = false;
            await UntilAsync(() => _monitor.IsAsleep);
            room.IsOccupied = true;
            var wakers = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started).TotalMilliseconds < 20;)
                    _monitor.Wake();
            })).ToList();
            wakers.ForEach(waker => waker.Start());
            wakers.ForEach(waker => waker.Join());

            var (looks, began) = (room.Looks, Stopwatch.GetTimestamp());
            await UntilAsync(() => room.Looks > looks + 50);
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 45, double.MaxValue); // a look a millisecond: more of them would be a waste of a processor
        }
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !condition(); await Task.Delay(1, TestContext.Current.CancellationToken))
            Assert.True(Environment.TickCount64 < deadline, "the condition did not come true");
    }

    sealed class Room : IWaitingRoom
    {
        int _looks;

        public volatile bool IsOccupied;

        public int Looks => Volatile.Read(ref _looks);

        public bool Expire(long now)
        {
            Interlocked.Increment(ref _looks);
            return IsOccupied;
        }
    }
}
