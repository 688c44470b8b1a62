using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Allotrope.Interop;

/// <summary>A service in a process of its own.</summary>
sealed class Limb : IAsyncDisposable
{
    static readonly string[] Headless =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
    ];

    readonly Process _process;
    readonly StringBuilder _printed = new();
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Limb(string program, params IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"{program} has ended: {Printed}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    string Printed
    {
        get
        {
            lock (_printed)
                return _printed.ToString();
        }
    }

    /// <summary>What it has printed.</summary>
    public string[] Lines => Printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Completes when the program has printed something.</summary>
    public async Task SaysAsync(string part)
    {
        using var patience = new CancellationTokenSource(InteropZone.Patience);
        while (!Printed.Contains(part, StringComparison.Ordinal))
        {
            Assert.False(_process.HasExited && !Printed.Contains(part, StringComparison.Ordinal), Printed);
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Completes when the service has met the core.</summary>
    public async Task ReadyAsync()
    {
        try
        {
            await _ready.Task.WaitAsync(InteropZone.Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The service did not meet the core in time: {Printed}", late);
        }
    }

    public static async Task<Limb> DenoAsync(object options) => new(
        await Tools.DenoAsync(), "run", "--quiet", "--no-prompt", "--no-config", "--no-npm", "--allow-net", "--allow-env",
        Program("deno.ts"), JsonSerializer.Serialize(options));

    public static Limb Node(object options) => new(Tools.Node, Program("node.js"), JsonSerializer.Serialize(options));

    public static async Task<Limb> LegacyAsync(int port) =>
        new(await Tools.DenoAsync(), "run", "--quiet", "--no-prompt", "--no-config", "--no-npm", "--allow-net", Program("legacy.js"), $"{port}");

    /// <param name="profile">A folder for what the browser keeps.</param>
    public static Limb Chromium(string program, DirectoryInfo profile, string page) => new(program, [.. Headless, $"--user-data-dir={profile.FullName}", page]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    static string Program(string name) => Path.Combine(Tools.Root, "tests", "Interop", "programs", name);

    void Read(string? line)
    {
        if (line is null)
            return;
        lock (_printed)
            _printed.AppendLine(line);
        // Chromium writes what a page logs in the middle of a line of its own
        if (line.Contains("ready on ", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
