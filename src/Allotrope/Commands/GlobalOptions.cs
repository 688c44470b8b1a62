using System.CommandLine;
using Allotrope.DataFolder;

namespace Allotrope.Commands;

/// <summary>The options that every command takes, and how a command is run with them.</summary>
static class GlobalOptions
{
    public static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "The data folder of the node; default $XDG_DATA_HOME/allotrope or ~/.local/share/allotrope",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Print JSON, one object a line, for programs", Recursive = true };

    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the stack of an error", Recursive = true };

    /// <summary>Gives a command its action: a fault becomes one sentence on the error stream and its exit code.</summary>
    public static Command Runs(this Command command, Func<ParseResult, Session, Task<int>> action)
    {
        command.SetAction(async (parsed, stop) =>
        {
            var layout = parsed.GetValue(Data) is { } folder ? new FolderLayout(folder.FullName) : FolderLayout.Default;
            var streams = parsed.InvocationConfiguration;
            var output = new Output(streams.Output, streams.Error, parsed.GetValue(Json), parsed.GetValue(Verbose));
            try
            {
                return await action(parsed, new Session(layout, output, TimeProvider.System, stop));
            }
            catch (Exception error)
            {
                return output.Fail(error);
            }
        });
        return command;
    }

    /// <inheritdoc cref="Runs(Command, Func{ParseResult, Session, Task{int}})"/>
    public static Command Runs(this Command command, Func<ParseResult, Session, Task> action) => command.Runs(async (parsed, session) =>
    {
        await action(parsed, session);
        return ExitCode.Ok;
    });
}
