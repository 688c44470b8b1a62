namespace Allotrope.Contracts.Tests;

public class LinkSettingTests
{
    [Fact]
    public void The_targets_settings_win_over_the_sources_and_those_over_values()
    {
        var link = new Link("t", "default", "a:b", ["c"], Of(("x", "values"), ("y", "values"), ("z", "values")),
            new([new("s", Of(("y", "source"), ("z", "source")))], []), new([new("t", Of(("z", "target")))], []));
        Assert.Equal([("x", "values"), ("y", "source"), ("z", "target")], link.Settings.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void A_link_without_interfaces_is_a_linkdef()
    {
        var link = new Link("t", "default", null, [], Of(), LinkEnd.Empty, LinkEnd.Empty);
        Assert.True(link.IsLinkdef);
        Assert.False((link with { Interfaces = ["x"] }).IsLinkdef);
        Assert.Empty(link.Settings);
    }

    static SortedDictionary<string, string> Of(params (string Key, string Value)[] pairs) =>
        new(pairs.ToDictionary(pair => pair.Key, pair => pair.Value), StringComparer.Ordinal);
}
