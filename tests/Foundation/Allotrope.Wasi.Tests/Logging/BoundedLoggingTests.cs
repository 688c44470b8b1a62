using Allotrope.Wasi.Logging;

namespace Allotrope.Wasi.Tests.Logging;

public sealed class BoundedLoggingTests
{
    readonly List<(Level, string, string)> _lines = [];

    [Fact]
    public void A_line_is_passed_on_as_it_is()
    {
        Log("shop", "sold out");
        Assert.Equal([(Level.Warn, "shop", "sold out")], _lines);
    }

    [Fact]
    public void A_long_line_is_cut_and_says_so()
    {
        Log(new string('c', 1000), new string('m', 1_000_000));
        Assert.Equal([(Level.Warn, new string('c', 256) + "…", new string('m', 16_384) + "…")], _lines);
    }

    [Fact]
    public void No_character_is_cut_in_half()
    {
        Log(new string('c', 255) + "😀", "");
        Assert.Equal(new string('c', 255) + "…", _lines[0].Item2);
    }

    void Log(string context, string message) =>
        new BoundedLogging((level, context, message) => _lines.Add((level, context, message))).Log(Level.Warn, context, message);
}
