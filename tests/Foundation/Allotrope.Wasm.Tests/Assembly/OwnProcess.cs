using System.Diagnostics;

namespace Allotrope.Wasm.Tests.Assembly;

/// <summary>This program again in another process, where it runs some of its own tests.</summary>
static class OwnProcess
{
    /// <summary>A process of some seconds, on a machine that may be slow and busy.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs all tests of classes, by their names without namespaces.</summary>
    public static Task<(string Output, int Id)> RunClassesAsync(IEnumerable<string> classes, IReadOnlyDictionary<string, string> environment) =>
        RunAsync(classes.SelectMany(name => new[] { "-class", $"*.{name}" }), environment);

    /// <summary>Runs one test that is only run when it is asked for.</summary>
    public static async Task RunExplicitAsync(Type type, string test, IReadOnlyDictionary<string, string> environment)
    {
        var (output, _) = await RunAsync(["-explicit", "only", "-method", $"{type.FullName}.{test}"], environment);
        Assert.Contains("Total: 1,", output);
    }

    /// <summary>Runs the tests that the arguments of xunit's runner choose; all must hold, and there must be some.</summary>
    /// <returns>What it said, and the process's number.</returns>
    public static async Task<(string Output, int Id)> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noColor", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(process.ExitCode == 0, output);
            Assert.DoesNotContain("Total: 0,", output);
            return (output, process.Id);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
