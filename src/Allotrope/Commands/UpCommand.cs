using System.CommandLine;
using System.Net;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary><c>allot up [blueprint ...]</c>: runs a node until Ctrl-C, with the blueprints given and those admitted before.</summary>
static class UpCommand
{
    const int DefaultPort = 8080;

    static readonly Argument<string[]> Files = new("blueprint")
    {
        Description = "Blueprints and compose files with zones, or folders that hold one, to apply at start",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<int> HttpPort = new("--http-port")
    {
        Description = "The port of routes that name none; 0 for any free one",
        HelpName = "PORT",
        DefaultValueFactory = _ => DefaultPort,
    };

    static readonly Option<int> ArteryPort = new("--artery-port")
    {
        Description = "The port on which services of zones dial their core; 0 for any free one",
        HelpName = "PORT",
        DefaultValueFactory = _ => ZoneService.DefaultPort,
    };

    static readonly Option<IPAddress> ArteryAddress = new("--artery-address")
    {
        Description = "The address of that port; beyond this machine what passes is sealed with the zone's key, or by TLS",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out var address))
                return address;
            result.AddError($"--artery-address takes an address of this machine, such as 192.168.0.2, or 0.0.0.0 for all of them; '{result.Tokens[0].Value}' is none.");
            return IPAddress.Loopback;
        },
    };

    static readonly Option<FileInfo> ArteryCertificate = new("--artery-certificate")
    {
        Description = "A PEM file with a certificate and its private key: that port then speaks TLS",
        HelpName = "FILE",
    };

    static readonly Option<bool> Insecure = new("--insecure") { Description = "Allow plain HTTP beyond this machine" };

    public static Command Create()
    {
        foreach (var port in (Option<int>[])[HttpPort, ArteryPort])
            port.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() is < 0 or > 65535)
                    result.AddError($"{port.Name} takes a number from 0 to 65535.");
            });
        return new Command("up", "Run a node until Ctrl-C") { Files, HttpPort, ArteryPort, ArteryAddress, ArteryCertificate, ZoneCommand.Run, Insecure, SigningKey.Option }.Runs(RunAsync);
    }

    static async Task<int> RunAsync(ParseResult parsed, Session session)
    {
        // Before anything starts: a mistake in a file should not cost a node.
        var files = new List<ZoneFile>();
        foreach (var file in parsed.GetRequiredValue(Files))
            files.Add(await ZoneFile.LoadAnyAsync(file, session.Stop));

        var insecure = parsed.GetValue(Insecure);
        if (insecure)
            session.Output.Warn("--insecure: routes may listen beyond this machine without encryption.");
        try
        {
            var options = new NodeOptions(session.Layout, parsed.GetValue(HttpPort), insecure, session.Output.Verbose)
            {
                ArteryPort = parsed.GetValue(ArteryPort),
                ArteryAddress = parsed.GetRequiredValue(ArteryAddress),
                ArteryCertificate = parsed.GetValue(ArteryCertificate)?.FullName,
            };
            await using (var node = await Node.StartAsync(options, session.Stop))
            {
                session.Output.Object(new EventLine("started", Node: node.Name, Data: session.Layout.Root), CommandsJson.Default.EventLine);
                session.Output.Line($"node {node.Name} on {session.Layout.Root}");
                foreach (var file in files)
                {
                    await ZoneKeys.GiveAsync(session, file);
                    await Deployment.ApplyAsync(session, file.Draft, parsed.GetRequiredValue(SigningKey.Option), wait: true);
                }
                await AwaitEarlierAsync(session, [.. files.Select(file => file.Draft.Blueprint.Name)]);
                await using var programs = parsed.GetValue(ZoneCommand.Run) ? await ServicePrograms.StartAsync(session, files) : null;
                await SayReadyAsync(session, node);
                await Task.Delay(Timeout.Infinite, session.Stop);
            }
        }
        catch (OperationCanceledException) when (session.Stop.IsCancellationRequested)
        {
            session.Output.Object(new EventLine("stopped"), CommandsJson.Default.EventLine);
            session.Output.Line("stopped");
        }
        return ExitCode.Ok;
    }

    /// <summary>Blueprints of earlier runs come back by themselves; one that cannot does not keep the node from running.</summary>
    static async Task AwaitEarlierAsync(Session session, HashSet<string> given)
    {
        foreach (var blueprint in (await session.ListAsync()).Blueprints.Where(blueprint => !given.Contains(blueprint.Name)))
        {
            try
            {
                var status = await Convergence.AwaitDeployedAsync(session, blueprint.Name, revision: 0);
                session.Output.Line($"{status.Name} {status.Version} running again");
                foreach (var url in Deployment.Urls(status))
                    session.Output.Line($"  {url}");
            }
            catch (FaultException error)
            {
                session.Output.Warn(error.Fault.Message);
            }
        }
    }

    static async Task SayReadyAsync(Session session, Node node)
    {
        var urls = new List<string>();
        foreach (var blueprint in (await session.ListAsync()).Blueprints)
            urls.AddRange(Deployment.Urls(await session.StatusAsync(blueprint.Name)));
        session.Output.Object(
            new EventLine("ready", Url: urls.FirstOrDefault(), Urls: urls, Node: node.Name, Data: session.Layout.Root), CommandsJson.Default.EventLine);
        var hasZones = (await ZoneCommand.ZonesAsync(session, names: null)).Count > 0;
        session.Output.Line(urls.Count > 0
            ? $"ready: try `curl {urls[0]}`; look with `allot status`; stop with Ctrl-C"
            : hasZones ? "ready: look with `allot zone status`; stop with Ctrl-C"
            : "ready: apply a blueprint with `allot apply FILE`; stop with Ctrl-C");
    }
}
