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
            var answers = AnswerFolder();
            if (answers is not null && Kept(answers) is { } kept)
                return kept == Yes;
            var succeeded = Try(host);
            if (answers is not null && succeeded is { } known)
                Keep(answers, known ? Yes : No);
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

    /// <summary>What was kept; null where there is nothing, or nothing that is this user's alone: a yes of somebody else could end this process.</summary>
    static string? Kept(string answers)
    {
        if (!Directory.Exists(answers))
            return null;
        try
        {
            using var folder = OwnerOnly.OpenFolder(answers);
            using var file = OwnerOnly.OpenFile(folder, Circumstances());
            var text = new byte[Math.Max(Yes.Length, No.Length)];
            return file is null ? null : Encoding.UTF8.GetString(text, 0, RandomAccess.Read(file, text, 0));
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whole or not at all: others may read it at the same time. Not in a folder that others may write to.</summary>
    static void Keep(string answers, string answer)
    {
        if (!Directory.Exists(answers))
            Directory.CreateDirectory(answers, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            using var folder = OwnerOnly.OpenFolder(answers);
            var draft = $"{Circumstances()}.{Environment.ProcessId}";
            OwnerOnly.Remove(folder, draft); // of a process that ended while it wrote
            using (var file = OwnerOnly.CreateFile(folder, draft))
                RandomAccess.Write(file, Encoding.UTF8.GetBytes(answer), 0);
            OwnerOnly.Rename(folder, draft, Circumstances());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // then it is tried again the next time
        }
    }

    /// <summary>Where answers are kept; null for a user who has no place for such things.</summary>
    static string? AnswerFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named ? named
            : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache") : null;
        return cache is not null && Path.IsPathFullyQualified(cache) ? Path.Combine(cache, "allotrope", "guard-pages") : null;
    }

    /// <summary>The name of the answer's file: a number for all that it depends on.</summary>
    static string Circumstances()
    {
        var circumstances = new StringBuilder()
            .AppendLine(typeof(object).Assembly.Location)
            .AppendLine(typeof(object).Module.ModuleVersionId.ToString())
            .AppendLine(typeof(FaultProbe).Module.ModuleVersionId.ToString())
            .AppendLine(Environment.OSVersion.VersionString);
        foreach (var name in Settings().Order(StringComparer.Ordinal))
            circumstances.AppendLine($"{name}={Environment.GetEnvironmentVariable(name)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(circumstances.ToString())))[..16];
    }

    static IEnumerable<string> Settings() =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("DOTNET_", StringComparison.Ordinal) || name.StartsWith("COMPlus_", StringComparison.Ordinal));
}
