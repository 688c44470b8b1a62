using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests.Components;

/// <summary>Components that are linked and on one node are one.</summary>
[Collection(nameof(Components))]
public sealed class LinkedComponentTests : IAsyncLifetime
{
    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Linked_components_answer_together_each_with_its_own_settings_and_log()
    {
        await StartAllAsync("Ada");
        Assert.Equal((200, "Welcome, Countess Ada!"), await _node.GetAsync("page", "/1"));
        Assert.Equal((404, "Nobody has this number."), await _node.GetAsync("page", "/2"));
        Assert.Equal(
            ["asked for number 1", "asked for number 1", "asked for number 2"], (await _node.LogsAsync("people")).Select(line => line.Text));
        Assert.Empty(await _node.LogsAsync("page"));
    }

    [Fact]
    public async Task Each_request_has_instances_of_all_of_its_own()
    {
        await StartAllAsync("Ada");
        for (var time = 0; time < 3; time++)
            Assert.Equal((200, "Welcome, Countess Ada!"), await _node.GetAsync("page", "/1"));
    }

    [Fact]
    public async Task Where_instances_are_reused_those_linked_to_are_too()
    {
        _node.ReusesInstances = true;
        await StartAllAsync("Ada");
        Assert.Equal((200, "Welcome, Countess Ada!"), await _node.GetAsync("page", "/1"));
        Assert.Equal((200, "Welcome back, Countess Ada!"), await _node.GetAsync("page", "/1"));
    }

    [Fact]
    public async Task A_new_revision_of_one_is_in_the_others()
    {
        await StartAllAsync("Ada");
        Assert.Equal((200, "Welcome, Countess Ada!"), await _node.GetAsync("page", "/1"));
        await _node.RunPeopleAsync("Grace");
        await _node.AwaitAsync("/1", "Welcome, Grace!");
    }

    [Fact]
    public async Task One_that_is_linked_to_what_nobody_runs_starts_when_somebody_does()
    {
        var status = await _node.RunPageAsync();
        Assert.Equal((WorkloadState.Failed, "Unreachable"), (status.State, status.Fault));
        Assert.Contains("Component page is linked to people, which no node is assigned", status.Message, StringComparison.Ordinal);
        await using var statuses = await (await _node.Lattice.OpenBucketAsync(new(Buckets.Status))).WatchAsync("node.page", TestContext.Current.CancellationToken);
        await _node.RunPeopleAsync("Ada");
        await _node.RunTitlesAsync();
        await foreach (var change in statuses.ReadAllAsync(TestContext.Current.CancellationToken))
            if (change is Lattice.WatchEvent.Put { Entry: var entry }
                && Lattice.Payload.Of(entry.Value).As(ContractsJson.Default.WorkloadStatus).State == WorkloadState.Running)
                break;
        Assert.Equal((200, "Welcome, Countess Ada!"), await _node.GetAsync("page", "/1"));
    }

    [Fact]
    public async Task A_trap_names_the_component_that_it_was_in()
    {
        // Longer than all memory that the component gives its host.
        await StartAllAsync(new string('x', 200_000));
        var error = await Assert.ThrowsAsync<FaultException>(() => _node.GetAsync("page", "/1"));
        Assert.Contains("Component people trapped in GET /1", error.Message, StringComparison.Ordinal);
        Assert.Contains(await _node.LogsAsync("people"), line => line.Text.StartsWith("GET /1 trapped", StringComparison.Ordinal));
        Assert.Contains(await _node.LogsAsync("page"), line => line.Text.StartsWith("GET /1 was ended by people", StringComparison.Ordinal));
        Assert.Equal((404, "Nobody has this number."), await _node.GetAsync("page", "/2"));
    }

    [Fact]
    public async Task Each_has_the_memory_of_its_own_limit()
    {
        Assert.Equal(WorkloadState.Running, (await _node.RunPeopleAsync("Ada", ComponentLimits.Default with { MemoryMebibytes = 1 })).State);
        await _node.RunTitlesAsync();
        await _node.RunPageAsync();
        Assert.Equal((200, "Welcome, Countess Ada!"), await _node.GetAsync("page", "/1"));
    }

    [Fact]
    public async Task What_the_other_does_not_export_keeps_a_component_from_starting()
    {
        await _node.RunPeopleAsync("Ada");
        var status = await _node.RunComponentAsync("page", Greetings.Page, links: [Greetings.Link("people", "names", "titles")]);
        Assert.Equal((WorkloadState.Failed, "Refused"), (status.State, status.Fault));
        Assert.Contains(
            "unknown import \"demo:greeting/titles@0.1.0\" of component `page`: component `people` was chosen for it and exports nothing of that name",
            status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_link_grants_is_not_given_though_another_component_exports_it()
    {
        await _node.RunPeopleAsync("Ada");
        await _node.RunTitlesAsync();
        var status = await _node.RunComponentAsync("page", Greetings.Page, links: [Greetings.ToTitles]);
        Assert.Equal((WorkloadState.Failed, "Refused"), (status.State, status.Fault));
        Assert.Contains("unknown import \"demo:greeting/names@0.1.0\"", status.Message, StringComparison.Ordinal);
    }

    async Task StartAllAsync(string one)
    {
        await _node.RunPeopleAsync(one);
        await _node.RunTitlesAsync();
        var status = await _node.RunPageAsync();
        Assert.True(status.State == WorkloadState.Running, status.Message);
    }
}
