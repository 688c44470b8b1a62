using System.CommandLine;
using System.CommandLine.Help;

namespace Allotrope.Commands;

static class AllotCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Runs WebAssembly actors from signed blueprints: a cloud of one machine or many.")
        {
            GlobalOptions.Data,
            GlobalOptions.Json,
            GlobalOptions.Verbose,
            UpCommand.Create(),
            NewCommand.Create(),
            DevCommand.Create(),
            ApplyCommand.Create(),
            DiffCommand.Create(),
            ListCommand.Create(),
            StatusCommand.Create(),
            LogsCommand.Create(),
            DeleteCommand.Create(),
            CallCommand.Create(),
            RunCommand.Create(),
            ZoneCommand.Create(),
            IntentCommand.Create(),
            ActorCommand.Create(),
            WitCommand.Create(),
            KeyCommand.Create(),
            LedgerCommand.Create(),
            CompletionCommand.Create(),
            ReferenceCommand.Create(),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        return root;
    }

    /// <summary>Parses and runs one command line.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
        {
            foreach (var problem in parsed.Errors)
                await error.WriteLineAsync($"allot: {problem.Message}");
            await error.WriteLineAsync($"See `{Path(parsed.CommandResult.Command)} --help`.");
            return ExitCode.Usage;
        }
        // Signals are the program's own business (see Signals): a node drains before it ends.
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null }, stop);
    }

    /// <summary>The words that lead to a command: <c>allot actor sign</c>.</summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "allot";
}
