using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue.Tests;

/// <summary>What components ask, whose values are bytes and whose numbers have 64 bits, and that they see what actors do and the other way round.</summary>
public sealed class ByteTests : IAsyncLifetime
{
    static readonly byte[] NoText = [0xff, 0x00, 0xc3];

    KeyValueWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await KeyValueWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Bytes_of_any_kind_come_back_as_they_were_also_after_a_restart()
    {
        await SetAsync("blob", NoText);
        await SetAsync("empty", []);
        await _world.RestartAsync(KeyValueWorld.Link("shop-cart"));
        Assert.Equal(NoText, await GetAsync("blob"));
        Assert.Empty((await GetAsync("empty"))!);
        Assert.Null(await GetAsync("nothing"));
    }

    [Fact]
    public async Task A_text_of_an_actor_is_its_UTF8_to_a_component_and_the_other_way_round()
    {
        await _world.CallAsync("Set", ("key", "one"), ("value", "grün"), ("expires", 0));
        Assert.Equal("grün"u8.ToArray(), await GetAsync("one"));
        await SetAsync("two", "blau"u8.ToArray());
        Assert.Equal("{value: blau, exists: true}", await _world.CallAsync("Get", "two"));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_told_to_an_actor_and_not_changed()
    {
        await SetAsync("blob", NoText);
        var error = await Assert.ThrowsAsync<CallException>(() => _world.CallAsync("Get", "blob"));
        Assert.Contains("no text", error.Message, StringComparison.Ordinal);
        Assert.Equal(NoText, await GetAsync("blob"));
    }

    [Fact]
    public async Task A_list_of_an_actor_is_there_for_a_component_and_is_no_value()
    {
        await _world.CallAsync("ListAdd", ("listName", "list"), ("value", "a"));
        Assert.True((await _world.AskAsync(new KeyValueOperation.Exists("list"))).Found);
        Assert.Contains("holds a list", (await FaultOfAsync(new KeyValueOperation.Get(["list"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Components_and_actors_count_the_same_counter()
    {
        Assert.Equal("5", await _world.CallAsync("Increment", ("key", "n"), ("value", 5)));
        Assert.Equal(7, await AddAsync("n", 2));
        Assert.Equal("6", await _world.CallAsync("Increment", ("key", "n"), ("value", -1)));
        Assert.Equal("6"u8.ToArray(), await GetAsync("n"));
    }

    [Fact]
    public async Task A_component_counts_beyond_what_an_actor_can_and_never_around()
    {
        Assert.Equal(long.MaxValue, await AddAsync("n", long.MaxValue));
        Assert.IsType<Fault.Exhausted>(await FaultOfAsync(Add("n", 1)));
        Assert.Equal((Int128)long.MaxValue + 1, (await _world.AskAsync(new KeyValueOperation.Increment("n", 1, 0, ulong.MaxValue))).Number);
        await Assert.ThrowsAsync<CallException>(() => _world.CallAsync("Increment", ("key", "n"), ("value", 1)));
    }

    [Fact]
    public async Task Keys_are_listed_page_by_page_whatever_text_they_are()
    {
        string[] keys = ["", "a.b", "日本", new('.', 1000), .. Enumerable.Range(0, KeyValueLimits.KeysPerPage).Select(i => $"n{i}")];
        foreach (var page in keys.Chunk(KeyValueLimits.KeysPerBatch))
            await _world.AskAsync(new KeyValueOperation.Set([.. page.Select(key => KeyValuePair.Create(key, new ReadOnlyMemory<byte>([1])))]));
        var first = await _world.AskAsync(new KeyValueOperation.List(null));
        Assert.Equal(KeyValueLimits.KeysPerPage, first.Keys.Count);
        var second = await _world.AskAsync(new KeyValueOperation.List(first.Next));
        Assert.Null(second.Next);
        Assert.Equal(keys.Order(StringComparer.Ordinal), first.Keys.Concat(second.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_long_key_has_its_value_for_both_contracts()
    {
        var key = new string('.', 1000);
        await SetAsync(key, "x"u8.ToArray());
        Assert.Equal("{value: x, exists: true}", await _world.CallAsync("Get", key));
        await _world.CallAsync("Set", ("key", key), ("value", "y"), ("expires", 0));
        Assert.Equal("y"u8.ToArray(), await GetAsync(key));
        await _world.AskAsync(new KeyValueOperation.Delete([key]));
        Assert.Empty((await _world.AskAsync(new KeyValueOperation.List(null))).Keys);
    }

    [Fact]
    public async Task A_swap_is_made_only_of_the_value_that_was_seen()
    {
        Assert.True(await SwapAsync("k", "one", revision: 0));
        Assert.False(await SwapAsync("k", "two", revision: 0));
        var seen = (await _world.AskAsync(new KeyValueOperation.Get(["k"]))).Entries[0]!.Revision;
        Assert.True(await SwapAsync("k", "two", seen));
        Assert.False(await SwapAsync("k", "three", seen));
        Assert.Equal("two"u8.ToArray(), await GetAsync("k"));
    }

    [Fact]
    public async Task Of_a_batch_with_a_value_that_cannot_be_nothing_is_written()
    {
        var large = new byte[KeyValueLimits.ValueLength];
        Assert.IsType<Fault.Exhausted>(await FaultOfAsync(new KeyValueOperation.Set([KeyValuePair.Create("a", new ReadOnlyMemory<byte>([1])), KeyValuePair.Create("b", new ReadOnlyMemory<byte>(large))])));
        Assert.Null(await GetAsync("a"));
    }

    [Fact]
    public async Task Batches_are_bounded_in_keys_and_in_bytes()
    {
        var many = Enumerable.Range(0, KeyValueLimits.KeysPerBatch + 1).Select(i => $"{i}").ToList();
        Assert.IsType<Fault.Exhausted>(await FaultOfAsync(new KeyValueOperation.Get(many)));
        await SetAsync("large", new byte[KeyValueLimits.ValueLength - 1]);
        Assert.IsType<Fault.Exhausted>(await FaultOfAsync(new KeyValueOperation.Get([.. Enumerable.Repeat("large", 20)])));
    }

    [Fact]
    public async Task Who_is_not_linked_is_refused()
    {
        var error = await Assert.ThrowsAsync<FaultException>(() => _world.AskAsync(new KeyValueOperation.Get(["a"]), origin: "shop-other"));
        Assert.IsType<Fault.Refused>(error.Fault);
    }

    [Fact]
    public async Task Two_links_of_a_name_for_interfaces_of_the_package_are_one_store()
    {
        var (store, atomics) = (KeyValueWorld.Link("shop-cart") with { Interfaces = ["wasi:keyvalue/store"] }, KeyValueWorld.Link("shop-cart") with { Interfaces = ["wasi:keyvalue/atomics"] });
        Assert.Equal(WorkloadState.Running, (await _world.AssignAsync(store, atomics)).State);
        Assert.Equal(1, await AddAsync("n", 1));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_is_the_same_after_it_crossed_a_wire(KeyValueOperation operation)
    {
        var sent = Payload.Of(new KeyValueCall("shop-cart", "default", operation), ContractsJson.Default.KeyValueCall).ToBytes();
        var read = Payload.Of(sent).As(ContractsJson.Default.KeyValueCall);
        Assert.Equal(Encoding.UTF8.GetString(sent.Span), Encoding.UTF8.GetString(Payload.Of(read, ContractsJson.Default.KeyValueCall).ToBytes().Span));
        Assert.IsType(operation.GetType(), read.Operation);
    }

    public static TheoryData<KeyValueOperation> Operations =>
    [
        new KeyValueOperation.Get(["a", "ü"]), new KeyValueOperation.Set([KeyValuePair.Create("a", new ReadOnlyMemory<byte>(NoText))]), new KeyValueOperation.Delete([]),
        new KeyValueOperation.Exists("a"), new KeyValueOperation.List("n"), new KeyValueOperation.Increment("a", -1, long.MinValue, ulong.MaxValue),
        new KeyValueOperation.Swap("a", NoText, 7),
    ];

    async Task SetAsync(string key, byte[] value) => await _world.AskAsync(new KeyValueOperation.Set([KeyValuePair.Create(key, new ReadOnlyMemory<byte>(value))]));

    async Task<byte[]?> GetAsync(string key) => (await _world.AskAsync(new KeyValueOperation.Get([key]))).Entries[0]?.Value.ToArray();

    static KeyValueOperation.Increment Add(string key, long by) => new(key, by, long.MinValue, long.MaxValue);

    async Task<Int128> AddAsync(string key, long by) => (await _world.AskAsync(Add(key, by))).Number;

    async Task<bool> SwapAsync(string key, string value, long revision) =>
        (await _world.AskAsync(new KeyValueOperation.Swap(key, Encoding.UTF8.GetBytes(value), revision))).Found;

    async Task<Fault> FaultOfAsync(KeyValueOperation operation) => (await Assert.ThrowsAsync<FaultException>(() => _world.AskAsync(operation))).Fault;
}
