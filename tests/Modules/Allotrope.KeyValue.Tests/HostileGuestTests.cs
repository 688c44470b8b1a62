using Allotrope.Contracts;

namespace Allotrope.KeyValue.Tests;

public sealed class HostileGuestTests
{
    static readonly string[] Operations =
    [
        "Increment", "Contains", "Del", "Get", "Set", "ListAdd", "ListDel", "ListClear", "ListRange", "SetAdd", "SetDel", "SetUnion",
        "SetIntersection", "SetQuery", "SetClear",
    ];

    [Fact]
    public async Task An_unknown_operation_is_told_what_there_is()
    {
        await using var world = await KeyValueWorld.StartAsync();
        var error = await Assert.ThrowsAsync<CallException>(() => world.CallAsync("Flush", "a"));
        Assert.Contains("KeyValue.Increment", error.Message);
    }

    [Fact]
    public async Task A_missing_field_is_named()
    {
        await using var world = await KeyValueWorld.StartAsync();
        var error = await Assert.ThrowsAsync<CallException>(() => world.CallAsync("Set", ("key", "a"), ("expires", 0)));
        Assert.Contains("no field value", error.Message);
    }

    [Fact]
    public async Task Fields_may_come_in_any_order_and_unknown_ones_are_passed_over()
    {
        await using var world = await KeyValueWorld.StartAsync();
        await world.CallAsync("Set", ("later", new[] { "x", "y" }), ("expires", 0), ("value", "v"), ("key", "a"));
        Assert.Equal("{value: v, exists: true}", await world.CallAsync("Get", "a"));
    }

    [Fact]
    public async Task An_empty_argument_is_an_error_text()
    {
        await using var world = await KeyValueWorld.StartAsync();
        foreach (var operation in Operations)
            Assert.NotNull((await world.InvokeAsync(operation, default)).Error);
    }

    [Fact]
    public async Task Whatever_bytes_a_guest_sends_it_gets_a_result_or_an_error_text()
    {
        await using var world = await KeyValueWorld.StartAsync();
        var random = new Random(6);
        var valid = KeyValueWorld.Encode(new (string, object)[] { ("key", "a"), ("value", "1"), ("expires", 0), ("listName", "l"), ("setName", "s") });
        for (var round = 0; round < 3000; round++)
        {
            var body = round % 2 == 0 ? new byte[random.Next(0, 40)] : valid.ToArray();
            if (round % 2 == 0)
                random.NextBytes(body);
            else
                body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
            InvocationResult result = await world.InvokeAsync(Operations[random.Next(Operations.Length)], body);
            Assert.True(result.Error is null || result.Body.IsEmpty);
        }
    }
}
