using System.CommandLine;
using Allotrope.Contracts;
using Allotrope.Development;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary><c>allot dev [folder]</c>: builds a folder and runs it, and again whenever a file of it changes.</summary>
static class DevCommand
{
    /// <summary>How often the files are looked at: a part of the second within which a change is to run.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    static readonly Argument<string> Folder = new("folder")
    {
        Description = $"The folder with {BlueprintDraft.FileName} and {BuildScript.FileName}, as `allot new` writes it; default the one you are in",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => ".",
    };

    static readonly Option<int> HttpPort = new("--http-port")
    {
        Description = "The port of routes that name none, when this command starts the node; 0 for any free one",
        HelpName = "PORT",
        DefaultValueFactory = _ => 8080,
    };

    public static Command Create()
    {
        HttpPort.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
                result.AddError("--http-port takes a number from 0 to 65535.");
        });
        return new Command("dev", "Build and run a folder, again whenever a file changes, until Ctrl-C") { Folder, HttpPort, SigningKey.Option }.Runs(RunAsync);
    }

    static async Task<int> RunAsync(ParseResult parsed, Session session)
    {
        var folder = Path.GetFullPath(parsed.GetRequiredValue(Folder));
        var script = new BuildScript(folder, session.Layout.Root);
        foreach (var file in new[] { Path.Combine(folder, BlueprintDraft.FileName), script.Path })
            if (!File.Exists(file))
                throw new FaultException(new Fault.NotFound($"There is no {file}: `allot new component NAME` writes a folder that has one."));
        try
        {
            await using var node = await RunsAsync(session)
                ? null
                : await Node.StartAsync(
                    new NodeOptions(session.Layout, parsed.GetValue(HttpPort), Insecure: false, session.Output.Verbose) { ArteryPort = 0 }, session.Stop);
            session.Output.Object(new EventLine("started", Node: node?.Name, Data: session.Layout.Root), CommandsJson.Default.EventLine);
            session.Output.Line(node is null ? $"with the node that runs on {session.Layout.Root}" : $"node {node.Name} on {session.Layout.Root}");

            using var ended = CancellationTokenSource.CreateLinkedTokenSource(session.Stop);
            var logs = FollowLogsAsync(session with { Stop = ended.Token });
            try
            {
                await FollowSourcesAsync(folder, script, parsed.GetRequiredValue(SigningKey.Option), session);
            }
            finally
            {
                await ended.CancelAsync();
                await logs;
            }
        }
        catch (OperationCanceledException) when (session.Stop.IsCancellationRequested)
        {
            session.Output.Object(new EventLine("stopped"), CommandsJson.Default.EventLine);
            session.Output.Line("stopped");
        }
        return ExitCode.Ok;
    }

    static async Task<bool> RunsAsync(Session session)
    {
        try
        {
            await session.ListAsync();
            return true;
        }
        catch (FaultException error) when (error.Fault is Fault.Unreachable)
        {
            return false;
        }
    }

    static async Task FollowSourcesAsync(string folder, BuildScript script, string key, Session session)
    {
        using var timer = new PeriodicTimer(Look, session.Time);
        int? built = null;
        var isReady = false;
        do
        {
            // Taken before the build: what is written while it runs is built next
            var stamp = SourceTree.Stamp(folder);
            if (stamp == built)
                continue;
            built = stamp;
            if (await BuildAndRunAsync(folder, script, key, session) is not { } status || isReady)
                continue;
            isReady = true;
            var urls = Deployment.Urls(status);
            session.Output.Object(new EventLine("ready", Url: urls.Count > 0 ? urls[0] : null, Urls: urls), CommandsJson.Default.EventLine);
            session.Output.Line("ready: change a file and it is built and run again; stop with Ctrl-C");
        }
        while (await timer.WaitForNextTickAsync(session.Stop));
    }

    /// <summary>A mistake in a source or the blueprint is told and waited upon: what ran before goes on.</summary>
    static async Task<BlueprintStatus?> BuildAndRunAsync(string folder, BuildScript script, string key, Session session)
    {
        if (!File.Exists(script.Path))
        {
            session.Output.Object(new EventLine("unbuilt", Message: $"there is no {script.Path}"), CommandsJson.Default.EventLine);
            session.Output.Line($"there is no {script.Path}: what ran before goes on until it is there again");
            return null;
        }
        var begun = session.Time.GetTimestamp();
        var code = await script.RunAsync(line => Say(session, line), session.Stop);
        if (code != 0)
        {
            session.Output.Object(new EventLine("unbuilt", Message: $"{BuildScript.FileName} ended with exit code {code}"), CommandsJson.Default.EventLine);
            session.Output.Line($"{BuildScript.FileName} ended with exit code {code}: what ran before goes on, the next change builds again");
            return null;
        }
        var took = session.Time.GetElapsedTime(begun);
        session.Output.Object(new EventLine("built", Message: $"{took.TotalSeconds:0.0} s"), CommandsJson.Default.EventLine);
        session.Output.Line($"built in {took.TotalSeconds:0.0} s");
        try
        {
            var status = await Deployment.ApplyAsync(session, await CheckedDraft.LoadAsync(folder, session.Stop), key, wait: true);
            var whole = session.Time.GetElapsedTime(begun);
            var parts = $"{whole.TotalSeconds:0.00} s: {BuildScript.FileName} {took.TotalSeconds:0.00} s, deployment {(whole - took).TotalSeconds:0.00} s";
            session.Output.Object(new EventLine("running", Message: parts), CommandsJson.Default.EventLine);
            session.Output.Line($"running after {parts}");
            return status;
        }
        catch (FaultException error)
        {
            var more = error.Fault is Fault.Invalid { More: { Count: > 0 } others } ? others : null;
            session.Output.Object(new EventLine("undeployed", Message: error.Fault.Message, More: more), CommandsJson.Default.EventLine);
            foreach (var problem in more?.Prepend(error.Fault.Message) ?? [error.Fault.Message])
                session.Output.Warn(problem);
            session.Output.Line("not running as it is now: the next change builds and applies it again");
            return null;
        }
    }

    static void Say(Session session, string line)
    {
        session.Output.Object(new EventLine("build", Message: line), CommandsJson.Default.EventLine);
        session.Output.Line($"build | {line}");
    }

    static async Task FollowLogsAsync(Session session)
    {
        try
        {
            await foreach (var message in session.Node.SubscribeAsync(Subjects.Log(">"), session.Stop))
                LogsCommand.Show(message.Payload.As(ContractsJson.Default.LogLine), session.Output);
        }
        catch (OperationCanceledException) when (session.Stop.IsCancellationRequested)
        {
            // The command ends.
        }
        catch (FaultException error) when (error.Fault is Fault.Unreachable)
        {
            session.Output.Warn(error.Fault.Message);
        }
    }
}
