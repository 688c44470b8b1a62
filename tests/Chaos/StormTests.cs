using System.Globalization;

namespace Allotrope.Chaos;

/// <summary>
/// What a zone promises while services are killed, stalled and cut off and its core goes: for every receiver and origin, received and reported gaps are all
/// that was said, in order, once, and within the zone.
/// </summary>
public sealed class StormTests(ITestOutputHelper output)
{
    const string SeedVariable = "ALLOT_CHAOS_SEED";
    const int FirstSeed = 1122;

    static readonly TimeSpan Short = TimeSpan.FromSeconds(6);
    static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public Task After_a_short_storm_every_receiver_accounts_for_every_intent() => RageAsync(Short, FirstSeed);

    /// <summary>With <c>./test --all</c>; another seed each time, unless one is given.</summary>
    [Fact(Explicit = true)]
    public Task After_a_long_storm_every_receiver_accounts_for_every_intent() => RageAsync(Long, Environment.TickCount);

    async Task RageAsync(TimeSpan time, int otherwise)
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : otherwise;
        output.WriteLine($"seed {seed}; again with: {SeedVariable}={seed}");
        await using var storm = new Storm(seed);
        await storm.BeginAsync();
        await storm.RageAsync(time);
        var wrongs = await storm.SettleAsync();

        var said = storm.Services.Sum(service => service.Lives.Sum(life => life.Built));
        output.WriteLine($"{said} intents of {storm.Services.Sum(service => service.Lives.Count)} lives");
        if (wrongs.Count == 0)
            return;
        foreach (var line in storm.Happened)
            output.WriteLine(line);
        foreach (var service in storm.Services)
            foreach (var line in service.Lives.SelectMany(life => life.Lines))
                output.WriteLine($"{service.Name}: {line}");
        Assert.Fail($"seed {seed} ({SeedVariable}={seed} repeats it): {wrongs.Count} wrongs, such as\n{string.Join('\n', wrongs.Take(20))}");
    }
}
