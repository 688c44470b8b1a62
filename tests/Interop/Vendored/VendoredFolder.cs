using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Allotrope.Interop.Vendored;

/// <summary>A folder of somebody else's repository, into which a client was copied.</summary>
sealed partial class VendoredFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-vendored-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public string Root => _folder.FullName;

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public void Copy(params IEnumerable<string> files)
    {
        foreach (var file in files)
            File.Copy(Path.Combine(Tools.Root, file), this[Path.GetFileName(file)]);
    }

    /// <summary>The first program of a README, as it stands there but for where the core is, what the zone is called and where its key lies.</summary>
    public string FirstProgram(string readme, InteropZone zone) => Block().Match(File.ReadAllText(Path.Combine(Tools.Root, readme))).Groups["program"].Value
        .Replace("ws://localhost:1122/artery", zone.Url, StringComparison.Ordinal)
        .Replace("\"home\"", $"\"{InteropZone.Name}\"", StringComparison.Ordinal)
        .Replace("/run/secrets/o3_key", Write("o3_key", InteropZone.Secret), StringComparison.Ordinal);

    /// <summary>Runs a program here to its end.</summary>
    public async Task<(int ExitCode, string Printed)> RunAsync(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex("```(ts|csharp)\n(?<program>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
