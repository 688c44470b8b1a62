using Allotrope.Wasi.Config;

namespace Allotrope.Wasi.Tests.Config;

public sealed class ConfiguredValuesTests
{
    static readonly ConfiguredValues Values = new(new Dictionary<string, string> { ["colour"] = "blue", ["b"] = "", ["a"] = "1" });

    [Fact]
    public void A_value_is_what_was_configured() => Assert.Equal("blue", Values.Get("colour").Value);

    [Fact]
    public void A_name_without_a_value_is_nothing_rather_than_an_error() => Assert.Null(Values.Get("Colour").Value);

    [Fact]
    public void All_values_come_in_the_order_of_their_names() =>
        Assert.Equal([("a", "1"), ("b", ""), ("colour", "blue")], Values.GetAll().Value);
}
