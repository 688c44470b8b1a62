using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Allotrope.Bench.Engine;

/// <summary>V8 in a node process that waits for commands while the other side is measured.</summary>
sealed class V8 : IPeer
{
    readonly Process _node;

    /// <exception cref="InvalidOperationException">There is no <c>node</c> to be started.</exception>
    public V8()
    {
        Name = $"node {Ask("--version").Trim().TrimStart('v')}";
        _node = Start(Path.Combine(AppContext.BaseDirectory, "node.mjs"));
    }

    public string Name { get; }

    public double LoadMilliseconds(Workload workload) => double.Parse(
        Command($"load\t{workload.PeerPath ?? "-"}\t{workload.SourcePath ?? "-"}\t{workload.ModulePath}"), CultureInfo.InvariantCulture);

    public Round Run(int size) => Command($"run\t{size}").Split(' ') is [var milliseconds, var checksum]
        ? new(double.Parse(milliseconds, CultureInfo.InvariantCulture), int.Parse(checksum, CultureInfo.InvariantCulture))
        : throw new InvalidOperationException("node answered with something else than a time and a checksum.");

    public void Dispose()
    {
        _node.StandardInput.Close(); // the end of its input ends the script
        _node.WaitForExit();
        _node.Dispose();
    }

    static Process Start(string argument)
    {
        var start = new ProcessStartInfo("node", [argument]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("node, the peer of this benchmark, cannot be started. Install Debian's package 'nodejs'.", e);
        }
    }

    static string Ask(string argument)
    {
        using var process = Start(argument);
        return process.StandardOutput.ReadToEnd();
    }

    string Command(string line)
    {
        _node.StandardInput.WriteLine(line);
        _node.StandardInput.Flush();
        return _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"node ended before it answered '{line}'.");
    }
}
