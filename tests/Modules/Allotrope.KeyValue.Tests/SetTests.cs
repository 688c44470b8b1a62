namespace Allotrope.KeyValue.Tests;

public sealed class SetTests
{
    [Fact]
    public async Task An_item_is_added_once()
    {
        await using var world = await KeyValueWorld.StartAsync();
        Assert.Equal("1", await Add(world, "s", "b"));
        Assert.Equal("0", await Add(world, "s", "b"));
        Assert.Equal("1", await Add(world, "s", "a"));
        Assert.Equal("[a, b]", await world.CallAsync("SetQuery", "s"));
    }

    [Fact]
    public async Task Deleting_says_how_many_items_went()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await Add(world, "s", "a");
        Assert.Equal("1", await world.CallAsync("SetDel", ("setName", "s"), ("value", "a")));
        Assert.Equal("0", await world.CallAsync("SetDel", ("setName", "s"), ("value", "a")));
        Assert.Equal("false", await world.CallAsync("Contains", "s"));
    }

    [Fact]
    public async Task A_union_has_what_is_in_any()
    {
        await using var world = await TwoSets();
        Assert.Equal("[a, b, c]", await world.CallAsync("SetUnion", new[] { "one", "two", "none" }));
        Assert.Equal("[]", await world.CallAsync("SetUnion", Array.Empty<string>()));
    }

    [Fact]
    public async Task An_intersection_has_what_is_in_all()
    {
        await using var world = await TwoSets();
        Assert.Equal("[b]", await world.CallAsync("SetIntersection", new[] { "one", "two" }));
        Assert.Equal("[]", await world.CallAsync("SetIntersection", new[] { "one", "none" }));
        Assert.Equal("[]", await world.CallAsync("SetIntersection", Array.Empty<string>()));
    }

    [Fact]
    public async Task Clearing_says_whether_there_was_a_set()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await Add(world, "s", "a");
        Assert.Equal("true", await world.CallAsync("SetClear", "s"));
        Assert.Equal("false", await world.CallAsync("SetClear", "s"));
        Assert.Equal("[]", await world.CallAsync("SetQuery", "s"));
    }

    [Fact]
    public async Task Too_many_sets_in_one_query_are_refused()
    {
        await using var world = await KeyValueWorld.StartAsync();
        var names = Enumerable.Range(0, KeyValueLimits.SetsPerQuery + 1).Select(i => $"{i}").ToArray();
        Assert.Contains("the most in one query", (await Assert.ThrowsAsync<CallException>(() => world.CallAsync("SetUnion", names))).Message);
        Assert.Contains("the most in one query", (await Assert.ThrowsAsync<CallException>(() => world.CallAsync("SetIntersection", names))).Message);
    }

    [Fact]
    public async Task A_union_beyond_its_bound_is_refused()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await Add(world, "one", new string('a', 600_000));
        await Add(world, "two", new string('b', 600_000));
        Assert.Contains("query them one by one", (await Assert.ThrowsAsync<CallException>(() => world.CallAsync("SetUnion", new[] { "one", "two" }))).Message);
    }

    static async Task<KeyValueWorld> TwoSets()
    {
        var world = await KeyValueWorld.StartAsync();
        foreach (var (set, item) in ((string, string)[])[("one", "a"), ("one", "b"), ("two", "b"), ("two", "c")])
            await Add(world, set, item);
        return world;
    }

    static Task<string> Add(KeyValueWorld world, string set, string item) => world.CallAsync("SetAdd", ("setName", set), ("value", item));
}
