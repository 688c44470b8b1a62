namespace Allotrope.KeyValue.Tests;

public sealed class ValueTests
{
    [Fact]
    public async Task A_value_is_got_as_it_was_set()
    {
        await using var world = await KeyValueWorld.StartAsync();
        Assert.Equal("", await world.CallAsync("Set", ("key", "a"), ("value", "grüezi"), ("expires", 0)));
        Assert.Equal("{value: grüezi, exists: true}", await world.CallAsync("Get", "a"));
    }

    [Fact]
    public async Task A_key_never_set_does_not_exist()
    {
        await using var world = await KeyValueWorld.StartAsync();
        Assert.Equal("{value: , exists: false}", await world.CallAsync("Get", "a"));
        Assert.Equal("false", await world.CallAsync("Contains", "a"));
    }

    [Fact]
    public async Task A_set_key_is_contained_until_it_is_deleted()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await world.CallAsync("Set", ("key", "a"), ("value", ""), ("expires", 0));
        Assert.Equal("true", await world.CallAsync("Contains", "a"));
        Assert.Equal("true", await world.CallAsync("Del", "a"));
        Assert.Equal("false", await world.CallAsync("Contains", "a"));
        Assert.Equal("false", await world.CallAsync("Del", "a"));
    }

    [Fact]
    public async Task A_value_is_gone_after_the_seconds_it_was_given()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await world.CallAsync("Set", ("key", "a"), ("value", "x"), ("expires", 30));
        world.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("true", await world.CallAsync("Contains", "a"));
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("false", await world.CallAsync("Contains", "a"));
    }

    [Fact]
    public async Task Setting_again_without_seconds_takes_the_end_away()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await world.CallAsync("Set", ("key", "a"), ("value", "x"), ("expires", 30));
        await world.CallAsync("Set", ("key", "a"), ("value", "y"), ("expires", 0));
        world.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("{value: y, exists: true}", await world.CallAsync("Get", "a"));
    }

    [Fact]
    public async Task A_number_begins_at_zero_and_grows()
    {
        await using var world = await KeyValueWorld.StartAsync();
        Assert.Equal("5", await world.CallAsync("Increment", ("key", "n"), ("value", 5)));
        Assert.Equal("3", await world.CallAsync("Increment", ("key", "n"), ("value", -2)));
        Assert.Equal("{value: 3, exists: true}", await world.CallAsync("Get", "n"));
    }

    [Fact]
    public async Task The_golden_request_of_the_counter_actor_is_understood()
    {
        await using var world = await KeyValueWorld.StartAsync();
        var result = await world.InvokeAsync("Increment", Convert.FromHexString("82a36b6579ac636f756e7465723a3a666f6fa576616c756501"));
        Assert.Equal("01", Convert.ToHexString(result.Body.Span));
    }

    [Fact]
    public async Task Increments_at_once_are_each_counted()
    {
        await using var world = await KeyValueWorld.StartAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => world.CallAsync("Increment", ("key", "n"), ("value", 1))));
        Assert.Equal(Enumerable.Range(1, 200), results.Select(int.Parse).Order());
    }

    [Theory]
    [InlineData(int.MaxValue, 1)]
    [InlineData(int.MinValue, -1)]
    public async Task A_number_does_not_wrap_around(int number, int by)
    {
        await using var world = await KeyValueWorld.StartAsync();
        await world.CallAsync("Increment", ("key", "n"), ("value", number));
        var error = await Assert.ThrowsAsync<CallException>(() => world.CallAsync("Increment", ("key", "n"), ("value", by)));
        Assert.Contains("beyond a 32-bit integer", error.Message);
        Assert.Equal($"{{value: {number}, exists: true}}", await world.CallAsync("Get", "n"));
    }

    [Fact]
    public async Task A_text_cannot_be_incremented()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await world.CallAsync("Set", ("key", "a"), ("value", "many"), ("expires", 0));
        var error = await Assert.ThrowsAsync<CallException>(() => world.CallAsync("Increment", ("key", "a"), ("value", 1)));
        Assert.Contains("not a 32-bit integer", error.Message);
    }

    [Fact]
    public async Task A_value_beyond_its_bound_is_refused()
    {
        await using var world = await KeyValueWorld.StartAsync();
        var error = await Assert.ThrowsAsync<CallException>(
            () => world.CallAsync("Set", ("key", "a"), ("value", new string('x', KeyValueLimits.ValueLength)), ("expires", 0)));
        Assert.Contains($"{KeyValueLimits.ValueLength} are the most", error.Message);
    }
}
