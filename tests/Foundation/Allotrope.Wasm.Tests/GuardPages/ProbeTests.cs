using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>Whether there are guard pages is tried once and then known. This program runs its tests of faults again, with a cache of its own.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task What_a_trial_showed_is_kept_and_obeyed()
    {
        _ = Guarded.Options;
        var cache = Directory.CreateTempSubdirectory("allotrope-").FullName;
        try
        {
            Assert.Contains("Skipped: 0,", await RunAsync(cache));
            var answer = Assert.Single(Directory.GetFiles(Path.Combine(cache, "allotrope")));
            Assert.Equal("yes", File.ReadAllText(answer));
            File.WriteAllText(answer, "no");
            Assert.DoesNotContain("Skipped: 0,", await RunAsync(cache));
            Assert.Equal("no", File.ReadAllText(answer));
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    static async Task<string> RunAsync(string cache) =>
        (await OwnProcess.RunClassesAsync([nameof(FaultTests)], new Dictionary<string, string> { ["XDG_CACHE_HOME"] = cache })).Output;
}
