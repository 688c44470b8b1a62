using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests.Components;

/// <summary>Several components that are one under load, and when one of them misbehaves: it costs the request that it was asked for, and nobody else.</summary>
[Collection(nameof(Components))]
public sealed class LinkedMisbehaviourTests : IAsyncLifetime
{
    const string Welcome = "Welcome, Ada!", Never = "/1", Trapping = "/2", Greedy = "/3", Fine = "/4";

    static readonly byte[] Rude = HttpExchange.Guest("rude-c/rude.wasm");

    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_component_that_two_others_share_is_one_in_each_of_many_requests(bool reuses)
    {
        const int Requests = 40;
        _node.ReusesInstances = reuses;
        await _node.RunPeopleAsync("Ada");
        await _node.RunTitlesAsync();
        await RunPageAsync(Greetings.ToTitles);
        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => _node.GetAsync("page", "/1")));
        Assert.All(answers, answer => Assert.True(answer is (200, "Welcome, Countess Ada!" or "Welcome back, Countess Ada!"), answer.Text));
        // A new instance has seen nobody; each greets once and is asked for the title by way of the other, which counts too.
        if (!reuses)
            Assert.All(answers, answer => Assert.Equal("Welcome, Countess Ada!", answer.Text));
        Assert.Equal(2 * Requests, (await _node.LogsAsync("people")).Count(line => line.Text == "asked for number 1"));
    }

    [Fact]
    public async Task A_part_that_never_answers_is_ended_by_its_callers_time_and_others_go_on()
    {
        await RunPeopleAsync();
        await _node.RunComponentAsync("rude", Rude, limits: ComponentLimits.Default with { CallTime = TimeSpan.FromMinutes(10) });
        await RunPageAsync(Greetings.Link("rude", "titles"), ComponentLimits.Default with { CallTime = TimeSpan.FromSeconds(2) });
        Assert.Equal((200, Welcome), await _node.GetAsync("page", Fine)); // the first call has longer
        var never = _node.GetAsync("page", Never);
        Assert.Equal((200, Welcome), await _node.GetAsync("page", Fine));
        var error = await Assert.ThrowsAsync<FaultException>(() => never);
        Assert.IsType<Fault.TimedOut>(error.Fault);
        Assert.Equal((200, Welcome), await _node.GetAsync("page", Fine));
    }

    [Fact]
    public async Task A_part_that_traps_ends_its_own_request_and_no_other()
    {
        await RunPeopleAsync();
        await _node.RunComponentAsync("rude", Rude);
        await RunPageAsync(Greetings.Link("rude", "titles"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            try
            {
                return (await _node.GetAsync("page", i % 3 == 0 ? Trapping : Fine)).Text;
            }
            catch (FaultException error)
            {
                return error.Message;
            }
        }));
        foreach (var (i, answer) in answers.Index())
        {
            if (i % 3 == 0)
                Assert.Contains(" rude trapped in GET /2", answer, StringComparison.Ordinal);
            else
                Assert.Equal(Welcome, answer);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_part_has_the_memory_of_its_own_limit_whatever_its_callers_is(int mebibytes)
    {
        await RunPeopleAsync();
        await _node.RunComponentAsync("rude", Rude, limits: ComponentLimits.Default with { MemoryMebibytes = mebibytes });
        await RunPageAsync(Greetings.Link("rude", "titles"));
        Assert.Equal((200, $"Welcome, {mebibytes} Ada!"), await _node.GetAsync("page", Greedy));
    }

    [Fact]
    public async Task A_part_of_a_compatible_version_is_taken_and_one_of_another_is_not()
    {
        _node.Config = new Dictionary<string, string> { ["4"] = "Ada" };
        await _node.RunComponentAsync("people", OfVersion(Greetings.People, "0.1.7"));
        await _node.RunComponentAsync("rude", Rude);
        await RunPageAsync(Greetings.Link("rude", "titles"));
        Assert.Equal((200, Welcome), await _node.GetAsync("page", Fine));

        await _node.RunComponentAsync("people", OfVersion(Greetings.People, "0.2.0"));
        await _node.RunComponentAsync("rude", Rude);
        var status = await _node.RunComponentAsync("late", Greetings.Page, links: [Greetings.ToPeople, Greetings.Link("rude", "titles")]);
        Assert.Equal((WorkloadState.Failed, "Refused"), (status.State, status.Fault));
        Assert.Contains("component `people` was chosen for it and exports nothing of that name", status.Message, StringComparison.Ordinal);
    }

    Task<WorkloadStatus> RunPeopleAsync()
    {
        _node.Config = new Dictionary<string, string> { ["1"] = "Ada", ["2"] = "Ada", ["3"] = "Ada", ["4"] = "Ada" };
        return _node.RunComponentAsync("people", Greetings.People);
    }

    async Task RunPageAsync(BoundLink titles, ComponentLimits? limits = null)
    {
        var status = await _node.RunComponentAsync("page", Greetings.Page, instances: 4, links: [Greetings.ToPeople, titles], limits: limits);
        Assert.True(status.State == WorkloadState.Running, status.Message);
    }

    /// <summary>The same component with its interface in another version; the names are as long as before.</summary>
    static byte[] OfVersion(byte[] component, string version)
    {
        var (before, after) = ("demo:greeting/names@0.1.0"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes($"demo:greeting/names@{version}"));
        byte[] changed = [.. component];
        for (var at = changed.AsSpan().IndexOf(before); at >= 0; at = changed.AsSpan().IndexOf(before))
            after.CopyTo(changed.AsSpan(at));
        return changed;
    }
}
