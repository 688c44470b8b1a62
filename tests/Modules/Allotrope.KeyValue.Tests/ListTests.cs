namespace Allotrope.KeyValue.Tests;

public sealed class ListTests
{
    [Fact]
    public async Task Items_are_added_at_the_end_and_counted()
    {
        await using var world = await KeyValueWorld.StartAsync();
        Assert.Equal("1", await Add(world, "a"));
        Assert.Equal("2", await Add(world, "b"));
        Assert.Equal("[a, b]", await Range(world, 0, -1));
    }

    [Theory]
    [InlineData(0, 2, "[a, b, c]")]
    [InlineData(1, 1, "[b]")]
    [InlineData(0, 100, "[a, b, c, d]")]
    [InlineData(-2, -1, "[c, d]")]
    [InlineData(-100, 0, "[a]")]
    [InlineData(2, 1, "[]")]
    [InlineData(9, 12, "[]")]
    [InlineData(int.MinValue, int.MaxValue, "[a, b, c, d]")]
    public async Task A_range_includes_both_ends_and_counts_from_the_end_below_zero(int start, int stop, string expected)
    {
        await using var world = await KeyValueWorld.StartAsync();
        foreach (var item in (string[])["a", "b", "c", "d"])
            await Add(world, item);
        Assert.Equal(expected, await Range(world, start, stop));
    }

    [Fact]
    public async Task A_list_never_made_is_empty()
    {
        await using var world = await KeyValueWorld.StartAsync();
        Assert.Equal("[]", await Range(world, 0, -1));
    }

    [Fact]
    public async Task Deleting_removes_every_equal_item()
    {
        await using var world = await KeyValueWorld.StartAsync();
        foreach (var item in (string[])["a", "b", "a"])
            await Add(world, item);
        Assert.Equal("true", await world.CallAsync("ListDel", ("listName", "l"), ("value", "a")));
        Assert.Equal("[b]", await Range(world, 0, -1));
        Assert.Equal("false", await world.CallAsync("ListDel", ("listName", "l"), ("value", "a")));
    }

    [Fact]
    public async Task A_list_without_items_is_no_more()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await Add(world, "a");
        await world.CallAsync("ListDel", ("listName", "l"), ("value", "a"));
        Assert.Equal("false", await world.CallAsync("Contains", "l"));
    }

    [Fact]
    public async Task Clearing_says_whether_there_was_a_list()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await Add(world, "a");
        Assert.Equal("true", await world.CallAsync("ListClear", "l"));
        Assert.Equal("false", await world.CallAsync("ListClear", "l"));
        Assert.Equal("[]", await Range(world, 0, -1));
    }

    [Fact]
    public async Task A_list_is_no_value_and_no_set()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await Add(world, "a");
        Assert.Contains("a list, not a value", (await Assert.ThrowsAsync<CallException>(() => world.CallAsync("Get", "l"))).Message);
        Assert.Contains("a list, not a set", (await Assert.ThrowsAsync<CallException>(() => world.CallAsync("SetClear", "l"))).Message);
        Assert.Equal("[a]", await Range(world, 0, -1));
    }

    [Fact]
    public async Task Items_added_at_once_are_all_there()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Add(world, $"{i}")));
        Assert.Equal("51", await Add(world, "last"));
    }

    [Fact]
    public async Task A_list_beyond_its_bound_is_refused_and_stays_as_it_was()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await Add(world, new string('x', 600_000));
        Assert.Contains("spread it over several keys", (await Assert.ThrowsAsync<CallException>(() => Add(world, new string('y', 600_000)))).Message);
        Assert.Equal("2", await Add(world, "z"));
    }

    static Task<string> Add(KeyValueWorld world, string item) => world.CallAsync("ListAdd", ("listName", "l"), ("value", item));

    static Task<string> Range(KeyValueWorld world, int start, int stop) =>
        world.CallAsync("ListRange", ("listName", "l"), ("start", start), ("stop", stop));
}
