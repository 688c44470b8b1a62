namespace Allotrope.Contracts.Tests;

public class NameTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("My-app_2", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    public void A_name_is_what_every_dialect_accepts(string name, bool good) => Assert.Equal(good, Names.IsName(name));

    [Fact]
    public void A_name_has_at_most_63_characters()
    {
        Assert.True(Names.IsName(new string('a', 63)));
        Assert.False(Names.IsName(new string('a', 64)));
    }

    [Theory]
    [InlineData("stage", true)]
    [InlineData("app.example.com/tier", true)]
    [InlineData("example.com/", false)]
    [InlineData("/tier", false)]
    [InlineData("a/b/c", false)]
    [InlineData("Example.com/tier", false)]
    [InlineData("-tier", false)]
    public void A_label_key_is_as_in_Kubernetes(string key, bool good) => Assert.Equal(good, Names.IsLabelKey(key));

    [Theory]
    [InlineData("", true)]
    [InlineData("us-east-1", true)]
    [InlineData("v1.2_3", true)]
    [InlineData("has space", false)]
    [InlineData(".dot", false)]
    public void A_label_value_is_as_in_Kubernetes(string value, bool good) => Assert.Equal(good, Names.IsLabelValue(value));

    [Theory]
    [InlineData("v0.0.1", true)]
    [InlineData("1.2.3-rc.1+build.5", true)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    public void A_version_is_one_word(string version, bool good) => Assert.Equal(good, Names.IsVersion(version));
}
