using System.Diagnostics;

namespace Allotrope.EndToEnd;

/// <summary>The benchmark against a bare Kestrel endpoint is a program that people run by hand; this keeps it running.</summary>
public class GatewayBenchTests
{
    [Fact]
    public async Task A_quick_run_prints_the_table_of_both()
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "wrk"))))
            Assert.Skip("wrk is not installed here; its Debian package is wrk.");

        var (code, output, error) = await RunAsync();

        Assert.True(code == 0, error);
        Assert.Matches(@"\| hello through the gateway \| \d+ \| [\d.]+ \| [\d.]+ \|", output);
        Assert.Matches(@"\| bare Kestrel \| \d+ \|", output);
        Assert.Matches(@"\| ratio \| [\d.]+ \|", output);
    }

    [Fact]
    public async Task Without_the_load_generator_it_names_the_package_to_install()
    {
        var (code, _, error) = await RunAsync(path: "/nonexistent");

        Assert.Equal(1, code);
        Assert.Contains("apt-get install -y wrk", error, StringComparison.Ordinal);
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(string? path = null)
    {
        var configuration = Path.GetFileName(Path.GetDirectoryName(Repository.Program)!);
        var bench = Path.Combine(Repository.Root, "artifacts", "bin", "Allotrope.Bench.Gateway", configuration, "Allotrope.Bench.Gateway");
        var start = new ProcessStartInfo(bench, ["--quick", "--node", Path.ChangeExtension(Repository.Program, null)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (path is not null)
            start.Environment["PATH"] = path;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
