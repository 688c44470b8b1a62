using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests;

public sealed class ActorProfileTests
{
    [Fact]
    public async Task A_busy_function_is_found()
    {
        await using var node = await ActorNode.StartAsync();
        await node.RunAsync("app-busy", Probe.Signed());

        var profile = ProfileAsync(node, "app-busy", milliseconds: 1500);
        while (!profile.IsCompleted)
            await node.CallAsync("app-busy", "w", Probe.Number(10_000_000));

        var busiest = (await profile).Stacks[0];
        Assert.EndsWith(";work", busiest.Functions, StringComparison.Ordinal);
        Assert.StartsWith("__guest_call;", busiest.Functions, StringComparison.Ordinal);
        Assert.InRange(busiest.Samples, 2, 5000);
        Assert.Equal("hello"u8.ToArray(), (await node.CallAsync("app-busy", "e", "hello"u8.ToArray())).Body.ToArray());
    }

    [Fact]
    public async Task Of_an_actor_that_nobody_calls_only_the_start_is_seen()
    {
        await using var node = await ActorNode.StartAsync();
        await node.RunAsync("app-idle", Probe.Signed());

        var profile = await ProfileAsync(node, "app-idle", milliseconds: 50);
        Assert.DoesNotContain(profile.Stacks, stack => stack.Functions.Contains("__guest_call", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_does_not_run_here_is_not_found()
    {
        await using var node = await ActorNode.StartAsync();

        Assert.IsType<Fault.NotFound>((await Assert.ThrowsAsync<FaultException>(() => ProfileAsync(node, "app-none", 10))).Fault);
        await node.RunAsync("app-there", Probe.Signed());
        Assert.IsType<Fault.Invalid>((await Assert.ThrowsAsync<FaultException>(() => ProfileAsync(node, "app-there", 0))).Fault);
    }

    [Fact]
    public async Task Stopping_the_node_does_not_wait_for_a_profile()
    {
        var node = await ActorNode.StartAsync();
        await node.RunAsync("app-slow", Probe.Signed());
        var profile = ProfileAsync(node, "app-slow", milliseconds: 200_000);
        await node.CallAsync("app-slow", "e");

        await node.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => profile);
    }

    static async Task<ProfileResult> ProfileAsync(ActorNode node, string workload, int milliseconds)
    {
        var request = Payload.Of(new ProfileRequest(workload, milliseconds), ContractsJson.Default.ProfileRequest);
        return (await node.Lattice.RequestAsync(new Message(Subjects.ActorProfile, request), TimeSpan.FromMinutes(5))).Payload.As(ContractsJson.Default.ProfileResult);
    }
}
