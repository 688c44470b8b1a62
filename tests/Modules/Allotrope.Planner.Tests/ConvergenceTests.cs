using System.Text.Json;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Planner.Tests;

public class ConvergenceTests
{
    [Fact]
    public async Task An_applied_blueprint_is_assigned()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        Assert.Equal(["counter-counter", "counter-http", "counter-store"], (await world.AssignedAsync()).Keys.Order());
    }

    [Fact]
    public async Task What_others_are_linked_to_is_assigned_before_them()
    {
        await using var world = await PlannerWorld.StartAsync();
        await using var watch = await world.Assignments.WatchAsync(cancellation: TestContext.Current.CancellationToken);
        await world.ApplyAsync(App.Of("chain", string.Join('\n', App.Linked("front", "middle", "side"), App.Linked("side", "back"), App.Linked("middle", "side"), App.Linked("back"))));
        await world.AssignedAsync();
        var order = new List<string>();
        await foreach (var change in watch.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (change is WatchEvent.Put { Entry: var entry })
                order.Add(entry.Key);
            if (order.Count == 4)
                break;
        }
        Assert.Equal(["n1.chain-back", "n1.chain-side", "n1.chain-middle", "n1.chain-front"], order);
    }

    [Fact]
    public async Task A_change_of_scale_changes_the_assignment()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter(4));
        await world.ApplyAsync(App.Counter(9));
        var counter = (await world.AssignedAsync())["counter-counter"];
        Assert.Equal((9, 2), (counter.Instances, counter.Revision));
    }

    [Fact]
    public async Task An_entry_filed_under_another_name_than_its_blueprints_runs_nothing_and_stops_nothing()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        LedgerEntry? signed = null;
        await foreach (var recorded in world.Record.ReadAsync(Streams.Contracts))
            signed = JsonSerializer.Deserialize(recorded.Data.Span, ContractsJson.Default.LedgerEntry);
        var forged = JsonSerializer.SerializeToUtf8Bytes(signed! with { Number = 2, Name = "twin" }, ContractsJson.Default.LedgerEntry);
        await world.Record.AppendAsync(Streams.Contracts, 1, [new(EntryKind.Put, forged)]);
        Assert.Equal(["counter-counter", "counter-http", "counter-store"], (await world.AssignedAsync()).Keys.Order());
        Assert.Equal(BlueprintState.Failed, (await world.StatusAsync("twin")).State);
    }

    [Fact]
    public async Task A_component_that_goes_and_a_blueprint_that_goes_are_unassigned()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Of("two", App.Actor("one") + "\n" + App.Actor("other")));
        await world.ApplyAsync(App.Of("two", App.Actor("one")));
        Assert.Equal(["two-one"], (await world.AssignedAsync()).Keys);
        await world.DeleteAsync("two", 2);
        Assert.Empty(await world.AssignedAsync());
    }

    [Fact]
    public async Task One_blueprints_change_leaves_the_others_assignments_untouched()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Of("quiet", App.Actor("main")));
        await world.AssignedAsync();
        var before = await world.Assignments.GetAsync("n1.quiet-main");
        await world.ApplyAsync(App.Counter());
        await world.AssignedAsync();
        Assert.Equal(before?.Revision, (await world.Assignments.GetAsync("n1.quiet-main"))?.Revision);
    }

    [Fact]
    public async Task A_planner_that_starts_again_assigns_what_was_admitted_and_clears_what_was_not()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(App.Counter());
        await world.Planner.DisposeAsync();
        await world.Assignments.DeleteAsync("n1.counter-http");
        await world.Assignments.PutAsync("n1.stray-part", "{}"u8.ToArray());
        await world.StartPlannerAsync();
        Assert.Equal(["counter-counter", "counter-http", "counter-store"], (await world.AssignedAsync()).Keys.Order());
    }

    [Fact]
    public async Task An_entry_that_nobody_signed_runs_nothing()
    {
        await using var world = await PlannerWorld.StartAsync();
        var forged = new LedgerEntry(1, "", default, EntryKind.Put, "home", "evil", "1", App.Canonical(App.Of("evil", App.Actor("main"))), 0,
            default, "", default, "", "", default);
        await world.Record.AppendAsync(Streams.Contracts, 0, [new(EntryKind.Put, Payload.Of(forged, ContractsJson.Default.LedgerEntry).ToBytes())]);
        Assert.Empty(await world.AssignedAsync());
        var status = await world.StatusAsync("evil");
        Assert.Equal((BlueprintState.Failed, "The signature of entry 1 of the ledger does not fit it; see `allot ledger verify`."),
            (status.State, status.Message));
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_read_ends_the_planner_with_its_fault()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.Record.AppendAsync(Streams.Contracts, 0, [new(EntryKind.Put, "junk"u8.ToArray())]);
        Assert.IsType<Fault.Damaged>((await Assert.ThrowsAsync<FaultException>(() => world.Planner.Completion)).Fault);
        Assert.IsType<Fault.Damaged>((await Assert.ThrowsAsync<FaultException>(() => world.ListAsync())).Fault);
    }

    [Fact]
    public async Task An_assignment_too_large_for_the_bus_fails_alone()
    {
        await using var world = await PlannerWorld.StartAsync();
        var values = string.Join(", ", Enumerable.Range(0, 14).Select(i => $"k{i}: \"{new string('x', 16_000)}\""));
        await world.ApplyAsync(App.Of("kvs", "- {name: kv, type: capability, properties: {image: \"builtin:keyvalue\"}}",
            $"{Blueprint.SharedAnnotation}: \"true\""));
        for (var app = 0; app < 5; app++)
            await world.ApplyAsync(App.Of($"big{app}",
                App.Actor("main", 1, $"    - {{type: linkdef, properties: {{target: kv, values: {{{values}}}}}}}") + "\n" +
                "- {name: kv, type: capability, properties: {application: {name: kvs, component: kv}, contract: \"wasmcloud:keyvalue\"}}"));
        var status = await world.UntilAsync("kvs", status => status.State == BlueprintState.Failed);
        Assert.Contains("cannot be assigned", status.Message);
        Assert.Contains("big4-main", (await world.AssignedAsync()).Keys);
    }
}
