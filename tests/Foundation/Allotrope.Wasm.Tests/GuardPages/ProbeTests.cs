using System.Diagnostics;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>Whether there are guard pages is tried once and then known. This program runs its tests of faults again, with a cache of its own.</summary>
public sealed class ProbeTests
{
    /// <summary>Two processes of a second or two, on a machine that may be slow and busy.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

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

    static async Task<string> RunAsync(string cache)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noColor", "-class", $"*.{nameof(FaultTests)}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["XDG_CACHE_HOME"] = cache;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(process.ExitCode == 0, output);
            return output;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
