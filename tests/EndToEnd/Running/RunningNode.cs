using System.Diagnostics;
using System.Text.Json;

namespace Allotrope.EndToEnd;

/// <summary>The program running <c>allot up --json</c> as a process of its own.</summary>
sealed class RunningNode : IAsyncDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    readonly Process _process;
    readonly List<JsonElement> _events = [];
    TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<JsonElement> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _reading;
    readonly Task<string> _error;

    RunningNode(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Of the first HTTP route.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The client of this node's routes.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromMinutes(2) };

    public int ProcessId => _process.Id;

    /// <summary>How long it has run on processors.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Every object it has printed.</summary>
    public IReadOnlyList<JsonElement> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    public static RunningNode Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = Outcome.StartInfo(arguments);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Starts it where no more than this number of files and sockets may be open.</summary>
    public static RunningNode Start(IEnumerable<string> arguments, int openFiles) =>
        StartBy("prlimit", [$"--nofile={openFiles}"], arguments); // of util-linux

    /// <summary>Starts it in a network namespace of its own, in which nothing is up but loopback.</summary>
    public static RunningNode StartWithoutNetwork(IEnumerable<string> arguments) =>
        StartBy("unshare", ["--net", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""], arguments);

    /// <summary>Starts it by a program that becomes it, so that the process is the same.</summary>
    static RunningNode StartBy(string program, IEnumerable<string> before, IEnumerable<string> arguments)
    {
        var start = Outcome.StartInfo(arguments);
        string[] command = [.. before, start.FileName, .. start.ArgumentList];
        start.FileName = program;
        start.ArgumentList.Clear();
        foreach (var argument in command)
            start.ArgumentList.Add(argument);
        return new(Process.Start(start)!);
    }

    public async Task ReadyAsync()
    {
        var first = await Task.WhenAny(_ready.Task, _process.WaitForExitAsync()).WaitAsync(Limit);
        if (first != _ready.Task)
            throw new InvalidOperationException($"The node ended with exit code {_process.ExitCode}: {await _error}");
        var ready = await _ready.Task;
        if (ready.TryGetProperty("url", out var url))
            Http.BaseAddress = Url = new Uri(url.GetString()!);
    }

    /// <summary>The first object printed after the first <paramref name="after"/> that this is true of, once it is.</summary>
    public async Task<JsonElement> AwaitAsync(Func<JsonElement, bool> isIt, int after = 0)
    {
        while (true)
        {
            Task next;
            lock (_events)
            {
                if (_events.Skip(after).FirstOrDefault(isIt) is { ValueKind: JsonValueKind.Object } found)
                    return found;
                next = _next.Task;
            }
            await next.WaitAsync(Limit);
        }
    }

    /// <summary>The first line that a service printed, under <c>--run</c>, with this in it.</summary>
    public string Said(string service, string part) => Events
        .Where(one => one.GetProperty("event").GetString() == "service" && one.GetProperty("service").GetString() == service)
        .Select(one => one.GetProperty("message").GetString()!).First(line => line.Contains(part, StringComparison.Ordinal));

    public async Task<string> GetAsync(string path = "/") => (await Http.GetStringAsync(new Uri(path, UriKind.Relative))).TrimEnd();

    /// <summary>Sends SIGINT, as Ctrl-C does, or another signal, and awaits the end.</summary>
    public async Task<Outcome> StopAsync(string signal = "INT")
    {
        using (var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _reading;
        return new(_process.ExitCode, "", await _error);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true); // with the services that it runs
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var document = JsonDocument.Parse(line); // every line is one object
            var said = document.RootElement.Clone();
            lock (_events)
            {
                _events.Add(said);
                _next.SetResult();
                _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            if (said.TryGetProperty("event", out var step) && step.GetString() == "ready") // a line of a log has none
                _ready.TrySetResult(said);
        }
    }
}
