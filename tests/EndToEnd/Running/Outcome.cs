using System.Diagnostics;

namespace Allotrope.EndToEnd;

/// <summary>What a command did.</summary>
sealed record Outcome(int ExitCode, string Output, string Error)
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static async Task<Outcome> OfAsync(IEnumerable<string> arguments, string? folder = null)
    {
        var start = StartInfo(arguments);
        start.WorkingDirectory = folder ?? start.WorkingDirectory;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException error)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"`allot {string.Join(' ', arguments)}` did not end within {Limit}: {await output}{await errors}", error);
        }
        return new(process.ExitCode, await output, await errors);
    }

    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments) =>
        new("dotnet", [Repository.Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
        };

    /// <summary>The command succeeded; returns what it printed.</summary>
    public string Ok()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return Output;
    }

    /// <summary>The command failed with this code and exactly one sentence, which holds all the words.</summary>
    public void Fails(int code, params string[] words)
    {
        Assert.True(ExitCode == code, $"exit code {ExitCode} where {code} was expected: {Error}{Output}");
        var sentence = Assert.Single(Error.TrimEnd().Split('\n'));
        Assert.StartsWith("allot: ", sentence, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, sentence, StringComparison.OrdinalIgnoreCase));
    }
}
