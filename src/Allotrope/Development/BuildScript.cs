using System.Diagnostics;

namespace Allotrope.Development;

/// <summary>A folder's own build: <c>build.sh</c>, which makes the images that its blueprint names.</summary>
/// <param name="folder">Where the script lies, and runs.</param>
/// <param name="data">The data folder, for scripts that sign actors.</param>
sealed class BuildScript(string folder, string data)
{
    public const string FileName = "build.sh";

    public string Path { get; } = System.IO.Path.Combine(folder, FileName);

    /// <summary>Runs it to its end, or ends it with all that it started.</summary>
    /// <param name="say">Gets every line that it prints, one at a time.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(Action<string> say, CancellationToken cancellation)
    {
        using var process = Process.Start(Start())!;
        var speaking = new Lock();
        var printed = Task.WhenAll(RepeatAsync(process.StandardOutput), RepeatAsync(process.StandardError));
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        await printed;
        return process.ExitCode;

        async Task RepeatAsync(StreamReader from)
        {
            while (await from.ReadLineAsync(CancellationToken.None) is { } line)
                lock (speaking)
                    say(line);
        }
    }

    ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo("sh", [Path])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["ALLOT_DATA"] = data;
        var program = System.IO.Path.Combine(AppContext.BaseDirectory, "allot");
        if (File.Exists(program))
            start.Environment["ALLOT"] = program;
        return start;
    }
}
