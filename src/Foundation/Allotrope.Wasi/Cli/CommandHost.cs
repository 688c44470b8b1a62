using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Cli;

/// <summary>The interfaces of <c>wasi:cli</c> but <c>run</c>, which the guest has.</summary>
sealed class CommandHost(WasiState state) : IEnvironment, IExit, IStdin, IStdout, IStderr, ITerminalStdin, ITerminalStdout, ITerminalStderr
{
    public (string, string)[] GetEnvironment() => [.. state.Environment.Select(variable => (variable.Key, variable.Value))];

    public string[] GetArguments() => [.. state.Arguments];

    public string? InitialCwd() => state.InitialDirectory;

    public void Exit(Result<Unit, Unit> status) => throw new GuestExitException(status.IsOk ? 0u : 1u);

    public void ExitWithCode(byte statusCode) => throw new GuestExitException(statusCode);

    public IInputStream GetStdin() => new SharedInput(state.Stdin) { Stop = state.Stop };

    public IOutputStream GetStdout() => new SharedOutput(state.Stdout) { Stop = state.Stop };

    public IOutputStream GetStderr() => new SharedOutput(state.Stderr) { Stop = state.Stop };

    public ITerminalInput? GetTerminalStdin() => state.Terminals.HasFlag(StandardStreams.Input) ? new Terminal() : null;

    public ITerminalOutput? GetTerminalStdout() => state.Terminals.HasFlag(StandardStreams.Output) ? new Terminal() : null;

    public ITerminalOutput? GetTerminalStderr() => state.Terminals.HasFlag(StandardStreams.Error) ? new Terminal() : null;

    /// <summary>WASI knows no more of a terminal than that it is one.</summary>
    sealed class Terminal : ITerminalInput, ITerminalOutput
    {
        public void Dispose()
        {
        }
    }
}
