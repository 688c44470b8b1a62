using System.Diagnostics;
using System.Globalization;

namespace Allotrope.Bench;

/// <summary>One of the servers under measurement.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    readonly Process _process;

    ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts <paramref name="program"/> and reads its lines until <paramref name="ready"/> finds the address in one.</summary>
    /// <param name="within">How long it may take; a minute when not said.</param>
    public static async Task<ServerProcess> StartAsync(string program, IEnumerable<string> arguments, Func<string, string?> ready, TimeSpan? within = null)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
        })!;
        using var deadline = new CancellationTokenSource(within ?? TimeSpan.FromMinutes(1));
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (ready(line) is { } address)
                return new ServerProcess(process, new Uri(address));
        }
        throw new BenchException($"{Path.GetFileName(program)} ended before it was ready; what it said is above.");
    }

    /// <summary>Asks for a number, one line each way.</summary>
    public async Task<long> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return long.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new BenchException("a server ended during the benchmark"), CultureInfo.InvariantCulture);
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
