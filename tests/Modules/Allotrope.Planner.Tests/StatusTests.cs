using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Planner.Tests;

public class StatusTests
{
    [Fact]
    public async Task A_blueprint_nobody_runs_yet_is_reconciling()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        var status = await world.StatusAsync("counter");
        Assert.Equal((BlueprintState.Reconciling, 3, "1", 1), (status.State, status.Workloads.Count, status.Version, status.Revision));
        Assert.Equal("counter: waits for the module that runs it", status.Message);
    }

    [Fact]
    public async Task A_blueprint_all_of_whose_workloads_run_is_deployed()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        await world.RunAllAsync();
        var status = await world.UntilAsync("counter", status => status.State == BlueprintState.Deployed);
        Assert.Equal("", status.Message);
        Assert.Equal(BlueprintState.Deployed, Assert.Single(await world.ListAsync()).State);
    }

    [Fact]
    public async Task The_worst_workload_decides_and_speaks()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        await world.RunAllAsync();
        await world.ReportAsync((await world.AssignedAsync())["counter-store"], WorkloadState.Failed, "the disk is full");
        var status = await world.UntilAsync("counter", status => status.State == BlueprintState.Failed);
        Assert.Equal("store: the disk is full", status.Message);
    }

    [Fact]
    public async Task A_workload_at_an_older_revision_is_reconciling_even_if_it_failed()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter(1));
        await world.RunAllAsync(WorkloadState.Failed);
        await world.UntilAsync("counter", status => status.State == BlueprintState.Failed);
        await world.ApplyAsync(App.Counter(2));
        var status = await world.StatusAsync("counter");
        Assert.Equal((BlueprintState.Reconciling, "counter: is at revision 1 and changing to 2"), (status.State, status.Message));
        await world.RunAllAsync();
        await world.UntilAsync("counter", status => status.State == BlueprintState.Deployed);
    }

    [Fact]
    public async Task What_no_node_can_run_is_undeployed_with_the_reason()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Of("far", """
            - name: main
              type: actor
              properties: {image: "a.wasm@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
              traits: [{type: spreadscaler, properties: {instances: 2, spread: [{name: west, requirements: {zone: west}}]}}]
            """));
        var status = await world.StatusAsync("far");
        Assert.Equal((BlueprintState.Undeployed, "main: 2 of its instances need a node with zone=west (spread 'west'), and the node has zone=east"),
            (status.State, status.Message));
        Assert.Equal(WorkloadState.Stopped, Assert.Single(status.Workloads).State);
    }

    [Fact]
    public async Task Following_answers_when_something_changes_and_not_before()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        var first = await world.FollowAsync("counter", 0, TimeSpan.FromSeconds(20));
        var second = world.FollowAsync("counter", first.Change, TimeSpan.FromSeconds(20));
        await world.ApplyAsync(App.Of("other", App.Actor("main")));
        await world.ListAsync();
        Assert.False(second.IsCompleted);
        await world.RunAllAsync();
        Assert.True((await second).Change > first.Change);
    }

    [Fact]
    public async Task Following_gives_the_unchanged_status_when_the_wait_is_over()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        var first = await world.FollowAsync("counter", 0, TimeSpan.Zero);
        var second = world.FollowAsync("counter", first.Change, TimeSpan.FromHours(1));
        world.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(first.Change, (await second).Change);
    }

    [Fact]
    public async Task Whoever_follows_is_let_go_when_the_planner_stops()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        var first = await world.FollowAsync("counter", 0, TimeSpan.Zero);
        var second = world.FollowAsync("counter", first.Change, TimeSpan.FromSeconds(20));
        await world.Planner.DisposeAsync();
        Assert.Equal(first.Change, (await second).Change);
        await world.StartPlannerAsync();
    }

    [Fact]
    public async Task A_removed_blueprint_is_leaving_until_its_statuses_are_gone()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        await world.RunAllAsync();
        await world.UntilAsync("counter", status => status.State == BlueprintState.Deployed);
        await world.DeleteAsync("counter", 1);
        var leaving = await world.FollowAsync("counter", 0, TimeSpan.Zero);
        Assert.Equal((BlueprintState.Reconciling, "is being removed; 3 of its workloads still run"), (leaving.Status.State, leaving.Status.Message));
        Assert.Empty(await world.ListAsync());
        var gone = world.UntilAsync("counter", _ => false);
        foreach (var part in (string[])["counter", "http", "store"])
            await world.Statuses.DeleteAsync($"n1.counter-{part}");
        Assert.IsType<Fault.NotFound>((await Assert.ThrowsAsync<FaultException>(() => gone)).Fault);
    }

    [Fact]
    public async Task What_was_never_applied_is_not_found()
    {
        await using var world = await PlannerWorld.StartAsync();
        Assert.IsType<Fault.NotFound>((await Assert.ThrowsAsync<FaultException>(() => world.StatusAsync("nothing"))).Fault);
        var following = world.FollowAsync("nothing", 0, TimeSpan.FromSeconds(1));
        Assert.IsType<Fault.NotFound>((await Assert.ThrowsAsync<FaultException>(() => following)).Fault);
    }

    [Fact]
    public async Task A_status_that_cannot_be_read_fails_its_workload_and_no_other()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        await world.RunAllAsync();
        await world.Statuses.PutAsync("n1.counter-http", "junk"u8.ToArray());
        var status = await world.UntilAsync("counter", status => status.State == BlueprintState.Failed);
        Assert.Contains("http: its module reports something unreadable", status.Message);
    }
}
