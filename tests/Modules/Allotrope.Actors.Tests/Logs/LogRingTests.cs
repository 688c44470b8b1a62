using Allotrope.Contracts;

namespace Allotrope.Actors.Tests;

public sealed class LogRingTests
{
    readonly ManualTime _time = new();
    readonly List<LogLine> _published = [];
    readonly LogRing _ring;

    public LogRingTests() => _ring = new LogRing("app-noisy", _time, _published.Add);

    [Fact]
    public void Lines_come_back_oldest_first_and_are_published()
    {
        _ring.Write("info", "one");
        _ring.Write("warn", "two");

        Assert.Equal(["one", "two"], _ring.Newest(10).Select(line => line.Text));
        Assert.Equal(["one", "two"], _published.Select(line => line.Text));
        Assert.All(_published, line => Assert.Equal("app-noisy", line.Workload));
    }

    [Fact]
    public void Only_as_many_as_asked_for_and_as_are_kept_come_back()
    {
        for (var i = 0; i < LogRing.Capacity + 5; i++)
            _ring.Write("info", $"{i}");

        Assert.Equal(["1003", "1004"], _ring.Newest(2).Select(line => line.Text));
        Assert.Equal("5", _ring.Newest(int.MaxValue)[0].Text);
    }

    [Fact]
    public void A_flood_is_cut_off_after_its_burst()
    {
        Assert.Equal(LogRing.Burst, Flood());
    }

    [Fact]
    public void The_log_says_how_much_it_lost_once_lines_are_admitted_again()
    {
        Flood();
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.True(_ring.Admit());
        Assert.StartsWith("1 lines were dropped", Assert.Single(_published).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_long_run_the_rate_holds()
    {
        Flood();
        var admitted = 0;
        for (var i = 0; i < 1000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            admitted += _ring.Admit() ? 1 : 0;
            admitted += _ring.Admit() ? 1 : 0;
        }

        Assert.InRange(admitted, 10 * LogRing.LinesPerSecond, (10 * LogRing.LinesPerSecond) + 1);
    }

    int Flood() => Enumerable.Range(0, LogRing.Burst + 1).Count(_ => _ring.Admit());
}
