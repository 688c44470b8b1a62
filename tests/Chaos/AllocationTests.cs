using Allotrope.Artery;
using Allotrope.Chaos.Neighbours;
using Allotrope.Chaos.Zones;
using Allotrope.Contracts;

namespace Allotrope.Chaos;

/// <summary>What an intent costs in memory on its way from a service through the core to another, over real sockets in one process.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    const int WarmUps = 10;
    const int Tries = 5;
    const int Intents = 20 * UnderWay;
    const int UnderWay = Ear.Queue / 2;

    readonly ChaosCore _core = new(new ZoneManifest(
        Lane.Zone, TimeSpan.FromSeconds(3), Missed: 1000, Stabilized: true, FlatlinePolicy.Zombie, Lane.Zone,
        [Lane.Service("speaker") with { Rate = int.MaxValue }, Lane.Service("listener") with { Queue = Ear.Queue }]));

    TaskCompletionSource _all = new();
    long _awaited;

    [Fact]
    public async Task In_steady_state_no_intent_allocates_anything()
    {
        await _core.StartAsync();
        await using var speaker = new Ear("speaker", new Uri($"ws://{_core.EndPoint}/artery"));
        await using var listener = new Ear("listener", new Uri($"ws://{_core.EndPoint}/artery")) { Heard = Hear };
        await speaker.ConnectAsync();
        await listener.ConnectAsync();
        for (var i = 0; i < WarmUps; i++)
            await StreamAsync(speaker);

        // Frames, of which each carries many intents, and heartbeats allocate a little; and code may still be compiled anew
        for (var tries = Tries; ; tries--)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await StreamAsync(speaker);
            var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Intents;
            output.WriteLine($"{each:0.000} bytes for an intent");
            if (each >= 1 && tries > 1)
                continue;
            Assert.InRange(each, 0, 1);
            break;
        }

        await _core.DisposeAsync();
    }

    /// <summary>Says intents without waiting for each, with so many under way at most that none is dropped.</summary>
    async Task StreamAsync(Ear speaker)
    {
        for (var left = Intents; left > 0; left -= UnderWay)
        {
            _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _awaited, speaker.Said + UnderWay);
            for (var i = 0; i < UnderWay; i++)
                speaker.Say([0x18, 0x2a]);
            await _all.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    void Hear(long sequence)
    {
        if (sequence == Volatile.Read(ref _awaited))
            _all.SetResult();
    }
}
