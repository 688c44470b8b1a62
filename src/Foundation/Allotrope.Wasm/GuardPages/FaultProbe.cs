using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Allotrope.Wasm;

/// <summary>
/// Knows whether faults become exceptions, before anything relies on it: that they do is nowhere promised, and where they do not the process ends. So
/// another process tries (<see cref="FaultTrial"/>), once for each runtime, kernel, version of this library and set of the runtime's settings; the
/// answer is kept in the user's cache. Where nothing can be tried, or it takes too long, the answer is no. A copy made by fork(2) would be quicker, but
/// it shares the runtime's code with us: what it compiled would be written over what we compile.
/// </summary>
static class FaultProbe
{
    const string Yes = "yes";
    const string No = "no";

    /// <summary>A trial takes a fifth of a second, or many times that on a busy machine.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    internal static bool Succeeds()
    {
        if (TrialProgram.Host is not { } host || TrialProgram.Library.Length == 0)
            return false;
        try
        {
            var answer = AnswerFile();
            if (answer is not null && File.Exists(answer))
                return File.ReadAllText(answer) == Yes;
            var succeeded = Try(host);
            if (answer is not null && succeeded is { } known)
                Keep(answer, known ? Yes : No);
            return succeeded == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return false; // nothing can be written or started here: then nothing can be known
        }
    }

    /// <summary>Null when it did not come to an end.</summary>
    static bool? Try(string host)
    {
        var folder = Directory.CreateTempSubdirectory("allotrope-").FullName;
        try
        {
            var start = new ProcessStartInfo(host, ["exec", TrialProgram.Write(folder), TrialProgram.Library])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
            start.Environment.Remove("DOTNET_STARTUP_HOOKS");
            using var process = Process.Start(start)!;
            // It says nothing, unless the runtime ends it, and then hardly a pipe's worth.
            if (process.WaitForExit(Patience))
                return process.ExitCode == 0;
            process.Kill();
            return null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whole or not at all: others may read it at the same time.</summary>
    static void Keep(string file, string answer)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var draft = $"{file}.{Environment.ProcessId}";
        File.WriteAllText(draft, answer);
        File.Move(draft, file, overwrite: true);
    }

    /// <summary>Where the answer for all that it depends on is kept; null for a user who has no place for such things.</summary>
    static string? AnswerFile()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named ? named
            : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache") : null;
        if (cache is null || !Path.IsPathFullyQualified(cache))
            return null;
        var circumstances = new StringBuilder()
            .AppendLine(typeof(object).Assembly.Location)
            .AppendLine(typeof(object).Module.ModuleVersionId.ToString())
            .AppendLine(typeof(FaultProbe).Module.ModuleVersionId.ToString())
            .AppendLine(Environment.OSVersion.VersionString);
        foreach (var name in Settings().Order(StringComparer.Ordinal))
            circumstances.AppendLine($"{name}={Environment.GetEnvironmentVariable(name)}");
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(circumstances.ToString())))[..16];
        return Path.Combine(cache, "allotrope", $"guard-pages-{key}");
    }

    static IEnumerable<string> Settings() =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("DOTNET_", StringComparison.Ordinal) || name.StartsWith("COMPlus_", StringComparison.Ordinal));
}
