using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Allotrope.Bench.Gateway;

/// <summary>What the load generator saw in one round.</summary>
/// <param name="RequestsPerSecond">Answers with status 2xx or 3xx only: a round with any other is refused.</param>
/// <param name="Median">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
sealed partial record Load(double RequestsPerSecond, double Median, double P99)
{
    const string Generator = "wrk";

    /// <summary>Asked before anything is started.</summary>
    public static void RequireGenerator()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, Generator))))
            throw new BenchException($"the load generator {Generator} is not installed; get it with: sudo apt-get install -y {Generator}");
    }

    /// <summary>Runs wrk with one thread, so that the machine's other cores are left to the server.</summary>
    public static async Task<Load> MeasureAsync(Uri address, int connections, int seconds)
    {
        using var wrk = Process.Start(new ProcessStartInfo(Generator, ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", address.ToString()])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var text = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return Read(text);
    }

    static Load Read(string text)
    {
        if (Failures().Match(text) is { Success: true } failures)
            throw new BenchException($"some requests failed, so the figures would mean nothing: {failures.Value.Trim()}");
        return new(Number(Rate(), text), Milliseconds(Half(), text), Milliseconds(Tail(), text));
    }

    static double Number(Regex pattern, string text) => pattern.Match(text) is { Success: true } match
        ? double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)
        : throw new BenchException($"wrk printed something else than expected:\n{text}");

    static double Milliseconds(Regex pattern, string text) => Number(pattern, text) * pattern.Match(text).Groups["unit"].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        _ => 1000,
    };

    [GeneratedRegex(@"Requests/sec:\s+(?<value>[\d.]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"50%\s+(?<value>[\d.]+)(?<unit>us|ms|s)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Half();

    [GeneratedRegex(@"99%\s+(?<value>[\d.]+)(?<unit>us|ms|s)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tail();

    [GeneratedRegex(@"(?<kind>Non-2xx|Socket errors).*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failures();
}
