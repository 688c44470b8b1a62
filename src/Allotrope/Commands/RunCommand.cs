using System.CommandLine;
using System.IO.Pipelines;
using Allotrope.Kernel;
using Allotrope.Wasi;
using Allotrope.Wasi.Cli;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Io;
using Allotrope.Wasm;
using ComponentTrap = Allotrope.Components.ComponentTrap;
using InvalidComponentException = Allotrope.Components.InvalidComponentException;

namespace Allotrope.Commands;

/// <summary><c>allot run &lt;file.wasm&gt;</c>: a WASI command to its end, with the directories and variables named and nothing else.</summary>
static class RunCommand
{
    const string Between = "::";

    static readonly Argument<FileInfo> Wasm = new("file") { Description = "A component that exports wasi:cli/run, or a module of WASI preview 1" };

    static readonly Argument<string[]> Arguments = new("args") { Description = "The guest's arguments; behind -- if they begin with a dash", Arity = ArgumentArity.ZeroOrMore };

    static readonly Option<string[]> Directories = new("--dir")
    {
        Description = "A directory that the guest may read and change, and what it is called there; the same name when not said",
        HelpName = "HOST[::GUEST]",
    };

    static readonly Option<string[]> ReadOnlyDirectories = new("--read-dir") { Description = "The same for a directory that it may only read", HelpName = "HOST[::GUEST]" };

    static readonly Option<string[]> Variables = new("--env") { Description = "An environment variable", HelpName = "NAME=VALUE" };

    public static Command Create() => Describe().Runs(async (parsed, session) =>
    {
        var file = parsed.GetRequiredValue(Wasm);
        var network = new RunNetwork(parsed);
        var binary = await ActorInspectCommand.ReadAsync(file, session.Stop);
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        await using var error = Console.OpenStandardError();
        using var state = new WasiState
        {
            Arguments = [file.Name, .. parsed.GetValue(Arguments) ?? []],
            Environment = [.. (parsed.GetValue(Variables) ?? []).Select(Variable)],
            Preopens =
            [
                .. (parsed.GetValue(Directories) ?? []).Select(text => Directory(text, isReadOnly: false)),
                .. (parsed.GetValue(ReadOnlyDirectories) ?? []).Select(text => Directory(text, isReadOnly: true)),
            ],
            Hosts = network.Hosts,
            HttpDenied = network.Deny,
            Network = network.Rules,
            NetworkDenied = network.Deny,
            Stdin = new PipeInput(PipeReader.Create(input)),
            Stdout = new PipeOutput(PipeWriter.Create(output)),
            Stderr = new PipeOutput(PipeWriter.Create(error)),
            Terminals = (Console.IsInputRedirected ? StandardStreams.None : StandardStreams.Input)
                | (Console.IsOutputRedirected ? StandardStreams.None : StandardStreams.Output)
                | (Console.IsErrorRedirected ? StandardStreams.None : StandardStreams.Error),
        };
        await using var stop = session.Stop.Register(state.StopWaiting);
        var code = ExitCode.Unexpected;
        try
        {
            return code = await RunAsync(binary, state, session.Stop);
        }
        finally
        {
            if (code != ExitCode.Ok)
                network.Tell(session.Output);
        }
    });

    static Command Describe()
    {
        var command = new Command("run", "Run a WASI command; its exit code is the guest's, and 10 when it traps") { Wasm, Arguments, Directories, ReadOnlyDirectories, Variables };
        foreach (var option in RunNetwork.Options)
            command.Add(option);
        return command;
    }

    /// <exception cref="FaultException">It is no command, needs what is not there, or trapped.</exception>
    static async Task<int> RunAsync(byte[] binary, WasiState state, CancellationToken stop)
    {
        try
        {
            // One byte is what a process can tell of its end.
            return (int)(await CommandRun.RunAsync(binary, new StoreLimits(), state, stop) & 0xff);
        }
        catch (Exception e) when (e is InvalidModuleException or InvalidComponentException or LinkException)
        {
            throw new FaultException(new Fault.Invalid("file", e.Message), e);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FaultException(new Fault.NotFound(e.Message), e);
        }
        catch (Trap e) when (e.Kind == TrapKind.Interrupted && stop.IsCancellationRequested)
        {
            throw new OperationCanceledException("interrupted", e, stop);
        }
        catch (Exception e) when (e is Trap or ComponentTrap)
        {
            throw new FaultException(new Fault.Failed($"The guest trapped: {e.Message}"), e);
        }
    }

    static KeyValuePair<string, string> Variable(string text) => text.Split('=', 2) is [{ Length: > 0 } name, var value]
        ? new(name, value)
        : throw new FaultException(new Fault.Invalid("--env", $"--env {text} is not NAME=VALUE."));

    static Preopen Directory(string text, bool isReadOnly) => text.Split(Between, 2) switch
    {
        [{ Length: > 0 } host, { Length: > 0 } guest] => new(host, guest) { IsReadOnly = isReadOnly },
        [{ Length: > 0 } host] => new(host, host) { IsReadOnly = isReadOnly },
        _ => throw new FaultException(new Fault.Invalid("--dir", $"\"{text}\" is not HOST or HOST::GUEST.")),
    };
}
