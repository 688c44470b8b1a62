using Allotrope.Contracts;

namespace Allotrope.Planner.Tests;

public class PlacementTests
{
    static readonly NodeDescription East = Node("e", "east");
    static readonly NodeDescription West = Node("w", "west");

    [Fact]
    public void Without_spread_any_node_will_do() => Assert.Equal([new Placed("e", 5)], Placement.Of(new(5, false, []), [East]).Placed);

    [Theory]
    [InlineData(10, 80, 20, 8, 2)]
    [InlineData(9, 80, 20, 8, 1)]
    [InlineData(1, 50, 50, 1, 0)]
    [InlineData(7, 100, 100, 4, 3)]
    [InlineData(10_000, 1_000_000, 1, 10_000, 0)]
    public void Instances_are_shared_by_weight_and_the_rest_goes_to_the_heaviest(int instances, int east, int west, int inEast, int inWest)
    {
        var placed = Placement.Of(new(instances, false, [Spread("east", east), Spread("west", west)]), [East, West]).Placed;
        Assert.Equal((inEast, inWest), (Count(placed, "e"), Count(placed, "w")));
    }

    [Fact]
    public void Within_a_spread_nodes_get_even_shares()
    {
        var placed = Placement.Of(new(5, false, []), [East, West]).Placed;
        Assert.Equal((3, 2), (Count(placed, "e"), Count(placed, "w")));
    }

    [Fact]
    public void A_daemonscaler_puts_all_on_every_matching_node()
    {
        var placement = Placement.Of(new(3, true, [Spread("east", 1)]), [East, West]);
        Assert.Equal([new Placed("e", 3)], placement.Placed);
        Assert.Empty(placement.Shortfalls);
    }

    [Fact]
    public void A_requirement_must_be_met_to_the_letter() =>
        Assert.Equal("2 of its instances need a node with zone=East (spread 'East'), and the node has zone=east",
            Assert.Single(Placement.Of(new(2, false, [Spread("East", 1)]), [East]).Shortfalls));

    static NodeDescription Node(string name, string zone) => new(name, new Dictionary<string, string> { ["zone"] = zone });

    static Spread Spread(string zone, int weight) => new(zone, new Dictionary<string, string> { ["zone"] = zone }, weight);

    static int Count(IReadOnlyList<Placed> placed, string node) => placed.FirstOrDefault(one => one.Node == node)?.Instances ?? 0;
}
