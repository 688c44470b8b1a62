using System.Text;
using System.Threading.Channels;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue.Tests;

/// <summary>Components that are told of changes in a bucket; the test is the components.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Channel<KeyValueChange> _told = Channel.CreateUnbounded<KeyValueChange>();
    KeyValueWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await KeyValueWorld.StartAsync();
        await ServeAsync("shop-page", _ => Task.CompletedTask);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_component_is_told_of_what_is_set_and_deleted_from_then_on()
    {
        await AssignAsync();
        await SetAsync("old", "0");
        Assert.Equal("Keeps the data of 1 link, tells 1 of changes.", (await AssignAsync(Watching())).Message);
        await SetAsync("a", "1");
        Assert.Equal("a = 1", await ToldAsync());
        await SetAsync("a", "2");
        Assert.Equal("a = 2", await ToldAsync());
        await _world.AskAsync(new KeyValueOperation.Delete(["old"]));
        Assert.Equal("old is gone", await ToldAsync());
        await _world.AskAsync(new KeyValueOperation.Increment("n", 5, 0, 10));
        Assert.Equal("n = 5", await ToldAsync());
    }

    [Fact]
    public async Task Only_keys_that_the_link_names_are_told()
    {
        await AssignAsync(Watching("orders/*, total"));
        foreach (var key in new[] { "orders", "totals", "other", "orders/1", "total" })
            await SetAsync(key, "1");
        string[] told = [await ToldAsync(), await ToldAsync()];
        Assert.Equal(["orders/1 = 1", "total = 1"], told.Order(StringComparer.Ordinal));
        Assert.False(_told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Changes_of_one_key_come_one_after_the_other_and_a_slow_component_gets_the_newest()
    {
        var goOn = new TaskCompletionSource();
        await ServeAsync("shop-slow", _ => goOn.Task);
        await AssignAsync(Watching() with { Workload = "shop-slow" });
        for (var i = 0; i < 100; i++)
            await SetAsync("a", $"{i}");
        Assert.Equal("a = 0", await ToldAsync());
        goOn.SetResult();
        List<int> told = [0];
        while (told[^1] != 99)
            told.Add(int.Parse((await ToldAsync())["a = ".Length..], null));
        Assert.Equal(told.Distinct().Order(), told);
        Assert.InRange(told.Count, 2, 10);
    }

    [Fact]
    public async Task A_component_that_is_busy_with_one_key_is_told_of_others()
    {
        var goOn = new TaskCompletionSource();
        await ServeAsync("shop-slow", change => change is KeyValueChange.Written { Key: "slow" } ? goOn.Task : Task.CompletedTask);
        await AssignAsync(Watching() with { Workload = "shop-slow" });
        await SetAsync("slow", "1");
        Assert.Equal("slow = 1", await ToldAsync());
        for (var i = 0; i < 5; i++)
        {
            await SetAsync($"{i}", "x");
            if (Lane($"{i}") == Lane("slow"))
                continue;
            Assert.Equal($"{i} = x", await ToldAsync());
        }
        goOn.SetResult();

        static uint Lane(string key) => (uint)string.GetHashCode(key, StringComparison.Ordinal) % 16;
    }

    [Fact]
    public async Task A_component_that_falls_too_far_behind_is_told_that_it_missed_changes()
    {
        var goOn = new TaskCompletionSource();
        await ServeAsync("shop-slow", change => change is KeyValueChange.Missed ? Task.CompletedTask : goOn.Task);
        await AssignAsync(Watching() with { Workload = "shop-slow" });
        var bucket = await _world.Lattice.OpenBucketAsync(new BucketOptions(BucketName.Of(KeyValueWorld.Provider, "shared"), Durable: true));
        foreach (var keys in Enumerable.Range(0, LatticeLimits.WatchBacklog + 1000).Chunk(1000))
            await Task.WhenAll(keys.Select(i => bucket.PutAsync($"k{i}", "v1"u8.ToArray()).AsTask()));
        goOn.SetResult();
        while (await ToldAsync() is var before && before != "missed")
            Assert.EndsWith(" = 1", before, StringComparison.Ordinal);
        // From a moment on it is told of all again.
        string? next = null;
        for (var i = 0; next?.StartsWith("after = ", StringComparison.Ordinal) != true; i++)
        {
            await SetAsync("after", $"{i}");
            next = _told.Reader.TryRead(out var told) ? TextOf(told) : null;
        }
    }

    [Fact]
    public async Task What_a_component_fails_at_keeps_none_from_the_next()
    {
        await ServeAsync("shop-bad", _ => throw new FaultException(new Fault.Failed("it trapped")));
        await AssignAsync(Watching() with { Workload = "shop-bad" });
        await SetAsync("a", "1");
        Assert.Equal("a = 1", await ToldAsync());
        await SetAsync("a", "2");
        Assert.Equal("a = 2", await ToldAsync());
    }

    [Fact]
    public async Task Keys_of_any_length_are_told_by_their_names_though_the_bucket_has_hashes_of_them()
    {
        var (before, after) = (new string('ä', 400), new string('b', 1000));
        await AssignAsync();
        await SetAsync(before, "1");
        await AssignAsync(Watching());
        await SetAsync(after, "2");
        Assert.Equal($"{after} = 2", await ToldAsync());
        await _world.AskAsync(new KeyValueOperation.Delete([before]));
        Assert.Equal($"{before} is gone", await ToldAsync());
        await _world.AskAsync(new KeyValueOperation.Delete([after]));
        Assert.Equal($"{after} is gone", await ToldAsync());
    }

    [Fact]
    public async Task The_end_of_a_value_s_life_is_told_and_lists_of_actors_are_no_values()
    {
        await AssignAsync(Watching());
        await _world.CallAsync("Set", ("key", "brief"), ("value", "1"), ("expires", 5));
        Assert.Equal("brief = 1", await ToldAsync());
        await _world.CallAsync("ListAdd", ("listName", "list"), ("value", "1"));
        _world.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("brief is gone", await ToldAsync());
    }

    [Fact]
    public async Task What_is_linked_no_more_is_told_no_more_and_what_still_is_goes_on()
    {
        await ServeAsync("shop-other", _ => Task.CompletedTask);
        await AssignAsync(Watching("a"), Watching("b") with { Workload = "shop-other" });
        await AssignAsync(Watching("b") with { Workload = "shop-other" });
        await SetAsync("a", "1");
        await SetAsync("b", "2");
        Assert.Equal("b = 2", await ToldAsync());
        Assert.False(_told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Watches_that_are_gone_end_together_however_many_never_do_by_themselves()
    {
        string[] slow = ["shop-slow", "shop-slower"];
        foreach (var workload in slow)
            await _world.Lattice.ServeAsync(Subjects.Change(workload), async (request, stop) =>
            {
                _told.Writer.TryWrite(request.Payload.As(ContractsJson.Default.KeyValueChange));
                await Task.Delay(Timeout.Infinite, stop);
                throw new InvalidOperationException("the delay ended");
            });
        await AssignAsync([.. slow.Select(workload => Watching() with { Workload = workload })]);
        await SetAsync("a", "1");
        foreach (var _ in slow)
            Assert.Equal("a = 1", await ToldAsync());
        var before = _world.Time.Pending;
        var changed = AssignAsync(Watching());
        while (_world.Time.Pending < before + slow.Length)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        _world.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(WorkloadState.Running, (await changed.WaitAsync(Patience, TestContext.Current.CancellationToken)).State);
    }

    [Fact]
    public async Task A_watched_bucket_that_no_link_is_to_is_told_in_the_status() => Assert.Equal(
        "Keeps the data of 1 link, tells 1 of changes. No link is to a bucket that is watched: other.",
        (await AssignAsync(Watching() with { Values = new Dictionary<string, string> { ["bucket"] = "other" } })).Message);

    [Fact]
    public async Task A_change_for_a_component_that_does_not_run_is_told_in_its_log()
    {
        await using var log = await _world.Lattice.SubscribeAsync(Subjects.LogsWrite, cancellation: TestContext.Current.CancellationToken);
        await AssignAsync(Watching() with { Workload = "shop-gone" });
        await SetAsync("a", "1");
        var line = (await log.Messages.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken))
            .Payload.As(ContractsJson.Default.LogLine);
        Assert.Equal("shop-gone", line.Workload);
        Assert.Contains("a change in shared was dropped: shop-store has it for shop-gone, which does not run", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "names no bucket to be watched: say which in its setting 'bucket'")]
    [InlineData("no such", null, "names the bucket \"no such\"")]
    [InlineData("shared", " , ", "watches no keys, or more than 64")]
    public async Task A_link_that_does_not_say_what_is_watched_is_refused(string? bucket, string? keys, string why)
    {
        var values = new Dictionary<string, string>();
        if (bucket is not null)
            values["bucket"] = bucket;
        if (keys is not null)
            values["keys"] = keys;
        var status = await AssignAsync(Watching() with { Values = values });
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains(why, status.Message, StringComparison.Ordinal);
    }

    static IncomingLink Watching(string keys = "*") => KeyValueWorld.Link("shop-page", "default", ("bucket", "shared"), ("keys", keys)) with
    {
        Kind = ComponentKind.Component,
        Interfaces = ["wasi:keyvalue/watcher"],
    };

    Task<WorkloadStatus> AssignAsync(params IncomingLink[] watches) =>
        _world.AssignAsync([KeyValueWorld.Link("shop-cart", "default", ("bucket", "shared")), .. watches]);

    Task<KeyValueReply> SetAsync(string key, string value) =>
        _world.AskAsync(new KeyValueOperation.Set([KeyValuePair.Create(key, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(value))]));

    async Task ServeAsync(string workload, Func<KeyValueChange, Task> handle) => await _world.Lattice.ServeAsync(Subjects.Change(workload), async (request, _) =>
    {
        var change = request.Payload.As(ContractsJson.Default.KeyValueChange);
        _told.Writer.TryWrite(change);
        await handle(change);
        return new Message("", Payload.Of(new MessageOutcome(), ContractsJson.Default.MessageOutcome));
    });

    async Task<string> ToldAsync() => TextOf(await _told.Reader.ReadAsync().AsTask().WaitAsync(Patience));

    static string TextOf(KeyValueChange change) => change switch
    {
        KeyValueChange.Written set => $"{set.Key} = {Encoding.UTF8.GetString(set.Value.Span)}",
        KeyValueChange.Deleted gone => $"{gone.Key} is gone",
        _ => "missed",
    };
}
