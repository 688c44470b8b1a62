using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

public sealed class InstanceTests : IAsyncLifetime
{
    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task While_one_instance_is_busy_another_one_answers()
    {
        await _node.RunAsync("app", Probe.Signed(), instances: 2);
        var hog = _node.FaultOfAsync("app", "spin");

        for (var i = 0; i < 10; i++)
            await _node.CallAsync("app", "echo");

        Assert.False(hog.IsCompleted);
        await hog;
    }

    [Fact]
    public async Task Memory_beyond_the_limit_is_not_given()
    {
        await _node.RunAsync("app", Probe.Signed(), limits: new(1, TimeSpan.FromSeconds(2)));

        Assert.Equal(0, (await _node.CallAsync("app", "log", new byte[500_000])).Body.Length);
        Assert.IsType<Fault.Failed>(await _node.FaultOfAsync("app", "log", new byte[2_000_000]));
    }

    [Fact]
    public async Task An_instance_that_grew_a_little_is_kept()
    {
        await _node.RunAsync("app", Probe.Signed());
        await _node.CallAsync("app", "log", new byte[1_000_000]);
        await Task.Delay(3 * ActorLimits.IdleInstance);

        Assert.Equal(2, await _node.NumberAsync("app", "calls"));
    }

    [Fact]
    public async Task An_instance_that_grew_much_is_given_up_when_idle()
    {
        await _node.RunAsync("app", Probe.Signed());
        await _node.CallAsync("app", "log", new byte[ActorLimits.IdleGrowthBytes + 1_000_000]);

        // Asking makes it busy again, so it is asked only now and then.
        for (var tries = 10; ; tries--)
        {
            await Task.Delay(3 * ActorLimits.IdleInstance);
            if (await _node.NumberAsync("app", "calls") == 1)
                return;
            Assert.InRange(tries, 1, 10);
        }
    }
}
