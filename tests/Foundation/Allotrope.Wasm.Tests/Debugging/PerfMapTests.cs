using System.Diagnostics;

namespace Allotrope.Wasm.Tests.Debugging;

/// <summary>Profilers of the system find guest functions by their names: this program runs some of its tests again and lets the runtime write its map.</summary>
public sealed class PerfMapTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_runtimes_map_names_guest_functions()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux has perf.");
        var folder = Directory.CreateTempSubdirectory();
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noColor", "-class", $"*.{nameof(DebugLineTests)}"]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["DOTNET_PerfMapEnabled"] = "3"; // the map alone
        start.Environment["DOTNET_PerfMapJitDumpPath"] = start.Environment["TMPDIR"] = folder.FullName;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(process.ExitCode == 0, output); // stack traces find their functions all the same
            var map = new[] { folder.FullName, "/tmp" }.Select(path => Path.Combine(path, $"perf-{process.Id}.map")).First(File.Exists);
            var lines = await File.ReadAllLinesAsync(map, timeout.Token);
            File.Delete(map);
            Assert.Contains(lines, line => line.Contains("f1 ", StringComparison.Ordinal) && line.Contains("!divide_by", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.Contains("!descend", StringComparison.Ordinal));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            folder.Delete(recursive: true);
        }
    }
}
