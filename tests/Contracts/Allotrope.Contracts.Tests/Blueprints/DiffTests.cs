namespace Allotrope.Contracts.Tests;

public class DiffTests
{
    static readonly Blueprint Counter = Manifest.Read("counter").Blueprint;

    [Fact]
    public void A_blueprint_differs_from_itself_in_nothing() => Assert.Empty(BlueprintDiff.Between(Counter, Counter));

    [Fact]
    public void A_new_blueprint_differs_in_everything_it_says()
    {
        var differences = BlueprintDiff.Between(null, Counter);
        Assert.Contains(new Difference("components.counter.linkdef.http.values.path", null, "/"), differences);
        Assert.All(differences, difference => Assert.Null(difference.Before));
    }

    [Fact]
    public void A_change_of_scale_is_one_difference()
    {
        var after = Counter with { Components = [Counter.Components[0] with { Scaling = new(8, false, []) }, .. Counter.Components.Skip(1)] };
        Assert.Equal([new Difference("components.counter.instances", "4", "8")], BlueprintDiff.Between(Counter, after));
    }

    [Fact]
    public void Asking_for_records_is_one_difference()
    {
        var after = Counter with { Components = [Counter.Components[0] with { RecordsTraps = true }, .. Counter.Components.Skip(1)] };
        Assert.Equal([new Difference("components.counter.record", null, "traps")], BlueprintDiff.Between(Counter, after));
    }

    [Fact]
    public void Another_host_is_one_difference()
    {
        var after = Counter with { Components = [Counter.Components[0] with { Hosts = ["a.example", "b.example:81"] }, .. Counter.Components.Skip(1)] };
        Assert.Equal([new Difference("components.counter.hosts", null, "a.example, b.example:81")], BlueprintDiff.Between(Counter, after));
    }

    [Fact]
    public void A_component_that_goes_takes_all_its_lines_along()
    {
        var differences = BlueprintDiff.Between(Counter, Counter with { Components = [.. Counter.Components.Take(2)] });
        Assert.All(differences, difference => Assert.StartsWith("components.keyvalue.", difference.Path));
        Assert.All(differences, difference => Assert.Null(difference.After));
    }

    [Fact]
    public void Two_blueprints_without_differences_have_one_canonical_form()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var (one, other) = (new RandomBlueprint(seed).Make(), new RandomBlueprint(seed + 1).Make());
            Assert.Empty(BlueprintDiff.Between(one, BlueprintCanonical.Read(BlueprintCanonical.Write(one))));
            Assert.NotEmpty(BlueprintDiff.Between(one, other));
        }
    }
}
