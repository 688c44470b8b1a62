using System.Diagnostics;

namespace Allotrope.Bench.Gateway;

/// <summary>One of the two servers under measurement.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Starting may include the node's first build.</summary>
    static readonly TimeSpan StartTime = TimeSpan.FromMinutes(5);

    readonly Process _process;

    ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts <paramref name="program"/> and reads its lines until <paramref name="ready"/> finds the address in one.</summary>
    public static async Task<ServerProcess> StartAsync(string program, IEnumerable<string> arguments, Func<string, string?> ready)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
        })!;
        using var deadline = new CancellationTokenSource(StartTime);
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (ready(line) is { } address)
                return new ServerProcess(process, new Uri(address));
        }
        throw new BenchException($"{Path.GetFileName(program)} ended before it was ready; what it said is above.");
    }

    /// <summary>Asks it to end as a person would, with an interrupt, and waits until it has.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.HasExited)
            Process.Start("kill", ["-INT", $"{_process.Id}"]).Dispose();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }
}
