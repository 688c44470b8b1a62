using System.Diagnostics;

namespace Allotrope.EndToEnd;

/// <summary>The benchmark of arteries against named peers is a program that people run by hand; this keeps it running.</summary>
public class ArteryBenchTests
{
    [Fact]
    public async Task A_quick_run_with_the_peer_of_the_shared_framework_prints_the_table_and_the_ratios()
    {
        var (code, output, error) = await RunAsync(["--quick", "--only", "allotrope,signalr"]);

        Assert.True(code == 0, error);
        Assert.Matches(@"\| Allotrope \| \d+ \| \d+ \| \d+ \| \d+ \| \d+ \| \d+ \|", output);
        Assert.Matches(@"\| SignalR \(JSON\) \| \d+ \|", output);
        Assert.Matches(@"\| SignalR \(JSON\) \| \d+\.\d\d \|", output);
    }

    [Fact]
    public async Task Without_a_peer_it_names_the_package_to_install()
    {
        var (code, _, error) = await RunAsync(["--quick", "--only", "nats"], path: "/nonexistent");

        Assert.Equal(1, code);
        Assert.Contains("apt-get install -y nats-server", error, StringComparison.Ordinal);
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, string? path = null)
    {
        var configuration = Path.GetFileName(Path.GetDirectoryName(Repository.Program)!);
        var bench = Path.Combine(Repository.Root, "artifacts", "bin", "Allotrope.Bench.Arteries", configuration, "Allotrope.Bench.Arteries");
        var start = new ProcessStartInfo(bench, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (path is not null)
            start.Environment["PATH"] = path;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
