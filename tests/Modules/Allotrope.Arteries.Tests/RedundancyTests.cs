using System.Collections.Concurrent;
using Allotrope.Artery;
using Allotrope.Artery.Client;
using Allotrope.Contracts;

namespace Allotrope.Arteries.Tests;

/// <summary>A service in the node's own process whose first way to the core is memory, and the second a WebSocket.</summary>
public class RedundancyTests
{
    static readonly ZoneManifest Manifest = Zone.Of(Zone.Service("a"), Zone.Service("b", queue: 10_000))
        with { Stabilized = false, Heartbeat = TimeSpan.FromSeconds(1), Missed = 1000 }; // five silent beats would part a client

    [Fact]
    public async Task When_the_first_way_is_cut_no_call_fails_and_it_is_used_again_once_it_is_healed()
    {
        await using var node = await TestNode.StartAsync(Manifest, []);
        var memory = new CuttableWay(node.Module.Connect);
        var runs = new ConcurrentDictionary<long, int>();
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var b = Service(node, "b", SocketOf(node));
        b.Handle("double", async call =>
        {
            var number = call.Data.ToInt64();
            runs.AddOrUpdate(number, 1, (_, before) => before + 1);
            if (number == 5)
            {
                asked.SetResult();
                await answer.Task;
            }
            return ArteryData.FromInt64(2 * number);
        });
        await b.StartAsync(TestContext.Current.CancellationToken);
        await using var a = Service(node, "a", CoreWay.InOrder(memory.Way, SocketOf(node)));
        await a.StartAsync(TestContext.Current.CancellationToken);

        for (var number = 0; number < 5; number++)
            Assert.Equal(2 * number, await DoubleAsync(a, number));
        var held = DoubleAsync(a, 5); // in flight when its way is cut: the answer comes on the other
        await await Task.WhenAny(asked.Task, held); // should it fail, it fails here
        memory.Cut();
        await memory.RefusedAsync(); // better ways are tried while the lower one carries
        answer.SetResult();
        Assert.Equal(10, await held);
        for (var number = 6; number < 20; number++)
            Assert.Equal(2 * number, await DoubleAsync(a, number));

        memory.Heal();
        await memory.OpenedAsync(2);
        var before = memory.Frames;
        for (var number = 20; number < 40; number++)
            Assert.Equal(2 * number, await DoubleAsync(a, number));
        Assert.True(memory.Frames >= before + 20);
        Assert.All(Enumerable.Range(0, 40), number => Assert.Equal(1, runs[number]));
    }

    [Fact]
    public async Task A_better_way_that_is_cut_while_it_opens_leaves_the_service_with_a_way()
    {
        await using var node = await TestNode.StartAsync(Manifest, []);
        var memory = new CuttableWay(node.Module.Connect) { CutsAfterChallenge = true };
        memory.Cut();
        await using var b = Service(node, "b", SocketOf(node));
        b.Handle("double", call => ArteryData.FromInt64(2 * call.Data.ToInt64()));
        await b.StartAsync(TestContext.Current.CancellationToken);
        await using var a = Service(node, "a", CoreWay.InOrder(memory.Way, SocketOf(node)));
        await a.StartAsync(TestContext.Current.CancellationToken);
        memory.Heal();
        await memory.RefusedAsync(); // cut as the service took it for open, before the core did
        for (var number = 0; number < 10; number++)
            Assert.Equal(2 * number, await DoubleAsync(a, number));
    }

    [Fact]
    public async Task Intents_over_cuts_and_healings_keep_their_order_come_once_and_those_lost_in_flight_are_counted()
    {
        const int Count = 2000, Cuts = 4;
        await using var node = await TestNode.StartAsync(Manifest, []);
        var memory = new CuttableWay(node.Module.Connect);
        var (heard, last) = (new ConcurrentQueue<long>(), new TaskCompletionSource());
        await using var b = Service(node, "b", SocketOf(node));
        b.On("TICK", tick => heard.Enqueue(tick.Data.ToInt64()), ordered: true);
        b.On("LAST", _ => last.TrySetResult(), ordered: true);
        await b.StartAsync(TestContext.Current.CancellationToken);
        await using var a = Service(node, "a", CoreWay.InOrder(memory.Way, SocketOf(node)));
        await a.StartAsync(TestContext.Current.CancellationToken);

        for (var number = 0; number < Count; number++)
        {
            a.Send("TICK", ArteryData.FromInt64(number));
            if (number % (Count / Cuts) != Count / Cuts / 2)
                continue;
            var opened = memory.Opened;
            memory.Cut();
            await memory.RefusedAsync();
            memory.Heal();
            await memory.OpenedAsync(opened + 1);
        }
        long sent = Count;
        for (; !last.Task.IsCompleted; sent++) // the last might be one that is lost
        {
            Assert.True(sent < Count + 1000, "b hears nothing more.");
            a.Send("LAST");
            await Task.WhenAny(last.Task, Task.Delay(100, TestContext.Current.CancellationToken));
        }
        var numbers = heard.ToArray();
        Assert.Equal(numbers.Distinct().Order(), numbers);
        await ZoneWorld.UntilAsync(() => b.Gaps.Where(gap => gap.Origin == "a").Sum(gap => gap.Arrived + gap.Missed + gap.Unknown) == sent);
        var arrived = b.Gaps.Where(gap => gap.Origin == "a").Sum(gap => gap.Arrived);
        Assert.InRange(numbers.Length, Count / 2, arrived);
    }

    static async Task<long> DoubleAsync(ArteryService service, long number) =>
        (await service.InvokeAsync("b", "double", ArteryData.FromInt64(number), timeOut: TimeSpan.FromSeconds(60))).ToInt64();

    static ArteryService Service(TestNode node, string name, CoreWay way) => new(new ArteryServiceOptions
    {
        Zone = Zone.Name, Service = name, Keys = [ArteryKey.OfZone(Zone.Secret, Zone.Name)], Core = way, Queue = new QueueLimits { Count = 10_000 },
    });

    static CoreWay SocketOf(TestNode node) => CoreWay.Dial(new UriBuilder(node.Module.Address!) { Scheme = "ws", Path = "/artery" }.Uri);

    /// <summary>A way that can be cut and healed.</summary>
    sealed class CuttableWay(Func<IArteryTransport> connect)
    {
        readonly SemaphoreSlim _refused = new(0);
        readonly SemaphoreSlim _changed = new(0);
        volatile CancellationTokenSource _cut = new();
        int _opened;
        long _frames;

        public CoreWay Way => CoreWay.Dial(_ =>
        {
            if (_cut.IsCancellationRequested)
            {
                _refused.Release();
                throw new IOException("The way is cut.");
            }
            return Task.FromResult(new CoreWire(new Transport(this, connect(), _cut.Token), IsPrivate: true));
        });

        /// <summary>How often an artery over it was opened.</summary>
        public int Opened => Volatile.Read(ref _opened);

        public bool CutsAfterChallenge { get; init; }

        public long Frames => Interlocked.Read(ref _frames);

        public void Cut()
        {
            while (_refused.Wait(0))
            {
            }
            _cut.Cancel();
        }

        public void Heal() => _cut = new();

        /// <summary>Awaits that it was tried in vain.</summary>
        public async Task RefusedAsync() =>
            Assert.True(await _refused.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));

        public async Task OpenedAsync(int times)
        {
            while (Opened < times)
                Assert.True(await _changed.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }

        sealed class Transport(CuttableWay way, IArteryTransport inner, CancellationToken cut) : IArteryTransport
        {
            int _received;

            public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation) =>
                cut.IsCancellationRequested ? throw Lost() : inner.SendAsync(frame, cancellation);

            public async ValueTask<ReceivedFrame> ReceiveAsync(int maxBytes, CancellationToken cancellation)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cut, cancellation);
                try
                {
                    var frame = await inner.ReceiveAsync(maxBytes, either.Token);
                    Interlocked.Increment(ref way._frames);
                    if (++_received == 1 && way.CutsAfterChallenge)
                        way.Cut(); // as soon as it sends its proof
                    if (_received == 2) // behind the challenge: the core has let the artery in
                    {
                        Interlocked.Increment(ref way._opened);
                        way._changed.Release();
                    }
                    return frame;
                }
                catch (OperationCanceledException) when (cut.IsCancellationRequested)
                {
                    throw Lost();
                }
            }

            public ValueTask CloseAsync(CloseCode code, string text, CancellationToken cancellation) =>
                cut.IsCancellationRequested ? throw Lost() : inner.CloseAsync(code, text, cancellation);

            public ValueTask DisposeAsync() => inner.DisposeAsync();

            static IOException Lost() => new("The way is cut.");
        }
    }
}
