using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Debugging;

/// <summary>Profilers of the system find guest functions by their names: this program runs some of its tests again and lets the runtime write its map.</summary>
public sealed class PerfMapTests
{
    [Fact]
    public async Task The_runtimes_map_names_guest_functions()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux has perf.");
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            // The map alone. Stack traces find their functions all the same.
            var (_, process) = await OwnProcess.RunClassesAsync([nameof(DebugLineTests)], new Dictionary<string, string>
            {
                ["DOTNET_PerfMapEnabled"] = "3",
                ["DOTNET_PerfMapJitDumpPath"] = folder.FullName,
                ["TMPDIR"] = folder.FullName,
            });
            var map = new[] { folder.FullName, "/tmp" }.Select(path => Path.Combine(path, $"perf-{process}.map")).First(File.Exists);
            var lines = await File.ReadAllLinesAsync(map, TestContext.Current.CancellationToken);
            File.Delete(map);
            Assert.Contains(lines, line => line.Contains("f1 ", StringComparison.Ordinal) && line.Contains("!divide_by", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.Contains("!descend", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
