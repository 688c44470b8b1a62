using System.Diagnostics;
using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Wasm.Tests.Bench;

/// <summary>The benchmark against node is a program that people run by hand; this keeps it running.</summary>
public sealed class EngineBenchTests
{
    [Fact]
    public async Task A_quick_run_prints_the_table_and_both_engines_agree()
    {
        if (!OnPath("node")) Assert.Skip("node is not installed here: its Debian package is 'nodejs'.");
        var (code, output, error) = await RunAsync("--quick");
        Assert.True(code == 0, error);
        string[] kernels = ["mix", "sort", "mandelbrot", "fib", "dispatch", "sha256", "mandelsimd", "matrix", "blur", "chacha", "crc", "sieve", "compare"];
        foreach (var line in (string[])[.. kernels, "**geometric mean**", "interrupt", "pause"])
            Assert.Contains($"| {line} |", output);
    }

    [Fact]
    public async Task Without_node_it_names_the_package_to_install()
    {
        var (code, _, error) = await RunAsync("--quick", path: "/nonexistent");
        Assert.Equal(1, code);
        Assert.Contains("'nodejs'", error);
    }

    static bool OnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    static async Task<(int Code, string Output, string Error)> RunAsync(string argument, string? path = null)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.Combine(OfficialSuite.Repository, "artifacts", "bin", "Allotrope.Bench.Engine", configuration, "Allotrope.Bench.Engine");
        var start = new ProcessStartInfo(program, [argument])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (path is not null) start.Environment["PATH"] = path;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
