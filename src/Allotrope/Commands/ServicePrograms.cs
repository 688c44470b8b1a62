using System.ComponentModel;
using System.Diagnostics;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary>
/// <c>--run</c>: the services of compose files as plain processes of this machine, each started again when it ends, all ended with the command. It is how
/// one tries a zone out; a deployment starts its services by whatever it trusts to do so.
/// </summary>
sealed class ServicePrograms : IAsyncDisposable
{
    /// <summary>Before a program that has ended is started again: long enough that one that cannot run does not fill the screen.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Within it services have met their core, or the command says which have not.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    readonly Session _session;
    readonly CancellationTokenSource _stop;
    readonly List<Task> _running = [];
    readonly Lock _speaking = new();
    int _widest;

    ServicePrograms(Session session) =>
        (_session, _stop) = (session, CancellationTokenSource.CreateLinkedTokenSource(session.Stop));

    /// <summary>Starts everything, and returns when the services of zones have met their cores.</summary>
    /// <exception cref="FaultException">A program cannot be started; those that were are ended.</exception>
    public static async Task<ServicePrograms> StartAsync(Session session, IReadOnlyList<ZoneFile> files)
    {
        var programs = new ServicePrograms(session);
        try
        {
            await programs.StartAllAsync(files);
            return programs;
        }
        catch
        {
            await programs.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    async Task StartAllAsync(IReadOnlyList<ZoneFile> files)
    {
        _widest = files.SelectMany(file => file.Programs).Select(program => program.Service.Length).DefaultIfEmpty().Max();
        var cores = (await ZoneCommand.ZonesAsync(_session, names: null)).ToDictionary(zone => zone.Zone, zone => zone.Address);
        foreach (var file in files)
        {
            foreach (var service in file.WithoutProgram)
                _session.Output.Warn($"service {service} of {file.Draft.File} has no command: start it yourself");
            foreach (var program in file.Programs)
            {
                var start = StartInfo(program, file, program.Zone is { } zone ? cores.GetValueOrDefault(zone) : null);
                _running.Add(KeepAsync(program, Start(program, start), start));
            }
        }
        await AwaitMetAsync([.. files.SelectMany(file => file.Programs).Where(program => program.Zone is not null)]);
    }

    async Task AwaitMetAsync(IReadOnlyList<ComposeProgram> programs)
    {
        var begun = _session.Time.GetTimestamp();
        using var timer = new PeriodicTimer(Look, _session.Time);
        while (true)
        {
            var zones = await ZoneCommand.ZonesAsync(_session, names: null);
            var missing = programs.Where(program => !zones.Any(zone => zone.Zone == program.Zone
                && zone.Arteries.Any(artery => artery.Service == program.Service && artery is { Connection: "open", Answered: > 0 }))).ToList();
            if (missing.Count == 0)
                return;
            if (_session.Time.GetElapsedTime(begun) > Patience)
            {
                _session.Output.Warn($"{string.Join(", ", missing.Select(program => program.Service))} did not meet the core within {Patience.TotalSeconds:0} s");
                return;
            }
            await timer.WaitForNextTickAsync(_session.Stop);
        }
    }

    async Task KeepAsync(ComposeProgram program, Process process, ProcessStartInfo start)
    {
        try
        {
            while (true)
            {
                await RunAsync(program, process);
                _stop.Token.ThrowIfCancellationRequested(); // Ctrl-C in a terminal reaches the programs too
                Say(program, $"has ended and is started again in {Pause.TotalSeconds:0} s");
                await Task.Delay(Pause, _session.Time, _stop.Token);
                process = Start(program, start);
            }
        }
        catch (OperationCanceledException)
        {
            // The command ends, and so has the program.
        }
        catch (FaultException error)
        {
            _session.Output.Warn(error.Fault.Message);
        }
    }

    /// <summary>Repeats what a program prints until it ends, or ends it.</summary>
    async Task RunAsync(ComposeProgram program, Process process)
    {
        using (process)
        {
            var printed = Task.WhenAll(RepeatAsync(program, process.StandardOutput), RepeatAsync(program, process.StandardError));
            try
            {
                await process.WaitForExitAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
                throw;
            }
            await printed;
        }
    }

    async Task RepeatAsync(ComposeProgram program, StreamReader from)
    {
        while (await from.ReadLineAsync(_stop.Token) is { } line)
            Say(program, line);
    }

    void Say(ComposeProgram program, string line)
    {
        lock (_speaking) // programs speak at any time, and lines should stay whole
        {
            _session.Output.Object(new EventLine("service", Message: line, Service: program.Service), CommandsJson.Default.EventLine);
            _session.Output.Line($"{program.Service.PadRight(_widest)} | {line}");
        }
    }

    static ProcessStartInfo StartInfo(ComposeProgram program, ZoneFile file, string? core)
    {
        var start = new ProcessStartInfo(ProgramOf(program.Command[0], file.Folder), program.Command.Skip(1))
        {
            WorkingDirectory = file.Folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in program.Environment)
            start.Environment[name] = value;
        if (program.Zone is null)
            return start;
        // What the clients of clients/ read when their program says nothing else.
        (start.Environment["O3_ZONE"], start.Environment["O3_SERVICE"]) = (program.Zone, program.Service);
        (start.Environment["O3_CORE"], start.Environment["O3_KEY_FILE"]) = (core, file.KeyFile);
        return start;
    }

    /// <summary>A name is looked for where the shell would, never in the folder one happens to be in.</summary>
    static string ProgramOf(string command, string folder) => command.Contains('/')
        ? Path.GetFullPath(command, folder)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(place => Path.Combine(place, command)).FirstOrDefault(File.Exists)
        ?? throw new FaultException(new Fault.NotFound($"There is no program {command} here: install it, or put its folder on PATH."));

    static Process Start(ComposeProgram program, ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new FaultException(new Fault.NotFound($"{start.FileName}, the command of service {program.Service}, cannot be started: {error.Message}"), error);
        }
    }
}
