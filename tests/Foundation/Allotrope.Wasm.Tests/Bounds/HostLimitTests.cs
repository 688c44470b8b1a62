namespace Allotrope.Wasm.Tests.Bounds;

/// <summary>Sizes that a host asks for itself are checked like a module's.</summary>
public sealed class HostLimitTests
{
    static readonly Store Roomy = new(new StoreLimits { MemoryPages = 200_000 });

    [Theory]
    [InlineData(5u, 3u)]
    [InlineData(65_537u, null)]
    [InlineData(65_537u, 65_540u)]
    public void A_memory_begins_within_what_it_may_grow_to(uint minimum, uint? maximum) =>
        Assert.Throws<ArgumentException>(() => new Memory(Roomy, new Limits(minimum, maximum)));

    [Fact]
    public void A_table_begins_within_what_it_may_grow_to() =>
        Assert.Throws<ArgumentException>(() => new Table(Roomy, ValueKind.FuncRef, new Limits(5, 3)));
}
