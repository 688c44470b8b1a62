namespace Allotrope.Contracts.Tests;

public class SpellingTests
{
    static readonly string[] Known = ["name", "type", "properties", "traits", "instances", "replicas"];

    [Theory]
    [InlineData("nmae", "name")]
    [InlineData("Name", "name")]
    [InlineData("propertes", "properties")]
    [InlineData("instnces", "instances")]
    [InlineData("trait", "traits")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_within_a_third(string word, string? nearest) => Assert.Equal(nearest, Spelling.Nearest(word, Known));

    [Fact]
    public void A_word_beyond_all_length_is_not_compared() => Assert.Null(Spelling.Nearest(new string('n', 100_000), Known));

    [Fact]
    public void Without_a_near_word_all_are_told() =>
        Assert.Equal("known here: name, type, properties, traits, instances, replicas", Spelling.Hint("colour", Known));
}
