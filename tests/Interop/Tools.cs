using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Allotrope.Interop;

/// <summary>The runtimes that foreign services run in: node from the machine, the others from npm into <c>artifacts/npm</c>.</summary>
static class Tools
{
    // Tests of several classes want it at once
    static readonly SemaphoreSlim Installing = new(1, 1), Unpacking = new(1, 1), Building = new(1, 1);

    public static string Root { get; } = FindRoot();

    /// <summary>Where node is; the test is skipped on a machine without.</summary>
    public static string Node => OnPath("node") ?? Skip("node is not installed: `apt-get install nodejs npm`, 20 or later");

    /// <summary>The machine's Chromium, or the one that an npm package carries, unpacked beside it.</summary>
    public static async Task<string> ChromiumAsync()
    {
        if ((OnPath("chromium-headless-shell") ?? OnPath("chromium") ?? OnPath("google-chrome")) is { } installed)
            return installed;
        var modules = await InstallAsync("tests/Interop");
        var unpacked = Directory.CreateDirectory(Path.Combine(modules, "..", "chromium")).FullName;
        var package = JsonSerializer.Serialize($"file://{modules}/@sparticuz/chromium/build/index.js");
        var unpack = $"import({package}).then(async it => console.log(await it.default.executablePath()))";
        await Unpacking.WaitAsync(); // a file that somebody still writes cannot be started
        try
        {
            return (await RunAsync(Node, ["-e", unpack], ("TMPDIR", unpacked))).Trim();
        }
        finally
        {
            Unpacking.Release();
        }
    }

    /// <summary>Deno's program, from the npm package that carries it.</summary>
    public static async Task<string> DenoAsync() =>
        Directory.EnumerateFiles(Path.Combine(await InstallAsync("tests/Interop"), "@deno"), "deno", SearchOption.AllDirectories).Single();

    /// <summary>The <c>node_modules</c> with which components are built and, for comparison, run: jco and componentize-js.</summary>
    public static Task<string> ComponentToolsAsync() => InstallAsync("guests/components");

    /// <summary>A component in JavaScript with its engine inside, built once for each content of its source: that takes some 20 s and gives 12 MB.</summary>
    /// <param name="name">Its folder in guests/components.</param>
    /// <returns>The component's file.</returns>
    public static async Task<string> JavaScriptComponentAsync(string name)
    {
        var modules = await ComponentToolsAsync();
        var source = Path.Combine(Root, "guests", "components");
        string[] files = [.. Directory.EnumerateFiles(source).Concat(Directory.EnumerateFiles(Path.Combine(source, name))).Order(StringComparer.Ordinal)];
        var content = Convert.ToHexStringLower(SHA256.HashData(files.SelectMany(File.ReadAllBytes).ToArray()))[..16];
        var built = Path.Combine(Root, "artifacts", "guests", $"{name}.wasm");
        var made = $"{built}.{content}"; // empty: what it was made of
        await Building.WaitAsync();
        try
        {
            if (!File.Exists(made) || !File.Exists(built))
            {
                var copy = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(built)!, "building", name));
                copy.Delete(recursive: true); // of a build that was broken off
                var folder = Path.Combine(copy.FullName, "guests", "components"); // build.mjs looks for packages beside itself
                Directory.CreateDirectory(Path.Combine(folder, name));
                foreach (var file in files)
                    File.Copy(file, Path.Combine(folder, Path.GetRelativePath(source, file)));
                Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), modules);
                await RunAsync("sh", ["-c", "cd \"$0\" && exec \"$1\" build.mjs \"$2\"", folder, Node, name]);
                File.Move(Path.Combine(copy.FullName, "artifacts", "guests", $"{name}.wasm"), built, overwrite: true);
                copy.Delete(recursive: true);
                await File.WriteAllTextAsync(made, "");
            }
        }
        finally
        {
            Building.Release();
        }
        return built;
    }

    /// <summary>A version of jco that was published with the components that it is made of.</summary>
    public static async Task<string> PublishedJcoAsync() => Path.Combine(await InstallAsync("tests/Interop"), "jco-with-its-components");

    /// <summary>CPython 3.12 as a module of WASI preview 1.</summary>
    public static async Task<string> PublishedPythonAsync() => Path.Combine(await InstallAsync("tests/Interop"), "@antonz", "python-wasi", "dist", "python.wasm");

    /// <summary>The <c>node_modules</c> with which actors in AssemblyScript are built.</summary>
    public static Task<string> ActorToolsAsync() => InstallAsync("guests");

    /// <summary>The <c>node_modules</c> with the TypeScript compiler.</summary>
    public static Task<string> CompilerAsync() => InstallAsync("clients/typescript");

    /// <summary>Installs what a folder's package.json pins, once for each content of its lock file.</summary>
    static async Task<string> InstallAsync(string source)
    {
        var npm = OnPath("npm") ?? Skip("npm is not installed, which brings Deno and the compiler: `apt-get install npm`");
        var files = new[] { "package.json", "package-lock.json" }.Select(name => Path.Combine(Root, source, name)).ToList();
        var content = Convert.ToHexStringLower(SHA256.HashData(files.SelectMany(File.ReadAllBytes).ToArray()))[..16];
        var target = Path.Combine(Root, "artifacts", "npm", content);
        var complete = Path.Combine(target, "complete");
        await Installing.WaitAsync();
        try
        {
            if (!File.Exists(complete))
            {
                Directory.CreateDirectory(target);
                // The lock file knows the native packages of the platform it was made on; package.json pins the same versions for all
                var isLocked = OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64;
                foreach (var file in isLocked ? files : files[..1])
                    File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
                await RunAsync(npm, ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", target]);
                await File.WriteAllTextAsync(complete, "");
            }
        }
        finally
        {
            Installing.Release();
        }
        return Path.Combine(target, "node_modules");
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var printed = await output + await errors;
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:\n{printed}");
        return printed;
    }

    /// <summary>Whether a program is installed.</summary>
    public static bool IsThere(string program) => OnPath(program) is not null;

    static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    static string Skip(string reason)
    {
        Assert.Skip(reason);
        return reason;
    }

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Allotrope.slnx")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The repository's root was not found above the test program.");
        return folder;
    }
}
