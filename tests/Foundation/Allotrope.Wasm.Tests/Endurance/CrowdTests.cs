using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Endurance;

/// <summary>A thousand guests that want to hurt, in one process, and what is left of them.</summary>
public sealed class CrowdTests(ITestOutputHelper output)
{
    const int Guests = 1_000;

    /// <summary>What may be added to the resident memory. In a short run the runtime's own tables, pools and code have not come to rest.</summary>
    const double ShortTolerance = 0.1, LongTolerance = 0.01;

    /// <summary>Where no other tests fill the memory that is measured.</summary>
    [Fact]
    public Task A_thousand_hostile_guests_do_their_neighbours_no_harm() =>
        OwnProcess.RunExplicitAsync(typeof(CrowdTests), nameof(A_thousand_hostile_guests_do_no_harm_for_seconds), new Dictionary<string, string>());

    [Fact(Explicit = true)]
    public void A_thousand_hostile_guests_do_no_harm_for_seconds() => Endure(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), ShortTolerance);

    /// <summary>With <c>./test --all</c>.</summary>
    [Fact(Explicit = true)]
    public void A_thousand_hostile_guests_do_no_harm_for_a_minute() => Endure(TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(60), LongTolerance);

    void Endure(TimeSpan warmth, TimeSpan time, double tolerance)
    {
        Run(warmth);
        var before = Resident.IsKnown ? Resident.Settled() : default;
        var (ends, answers, wrongs) = Run(time);
        var after = Resident.IsKnown ? Resident.Settled() : default;

        output.WriteLine($"{Guests} guests for {time.TotalSeconds:F0} s: {answers} right answers of good ones; hostile ones: {ends}");
        output.WriteLine($"{before} before, {after} after");
        Assert.True(wrongs.Count == 0, $"{wrongs.Count} wrongs, such as\n{string.Join('\n', wrongs.Distinct().Take(5))}");
        Assert.True(answers > 0, "no good guest answered");
        Assert.True(!Resident.IsKnown || Resident.Growth(before, after) <= tolerance, $"there is a leak: {before} before, {after} after");
    }

    /// <summary>In a method of its own, so that nothing of it is held afterwards.</summary>
    static (string Ends, int Answers, IReadOnlyCollection<string> Wrongs) Run(TimeSpan time)
    {
        using var crowd = new Crowd(Guests);
        crowd.Run(time);
        return (crowd.Ends, crowd.Answers, crowd.Wrongs);
    }
}
