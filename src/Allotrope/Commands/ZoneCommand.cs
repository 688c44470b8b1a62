using System.CommandLine;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Commands;

/// <summary><c>allot zone up|check|status|down</c>: zones of services that talk by intents, from their compose files.</summary>
static class ZoneCommand
{
    static readonly Argument<string> File = new("compose") { Description = "A compose file, a blueprint with a zone, or a folder that holds one" };

    static readonly Argument<string> FileOrName = new("zone") { Description = "The name of a zone, or the file it comes from" };

    static readonly Argument<string?> OptionalName = new("zone")
    {
        Description = "The name of a zone, or the file it comes from; all zones when not given",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string> Engine = new("--engine")
    {
        Description = "What the manifest is written for",
        HelpName = "ENGINE",
        DefaultValueFactory = _ => ComposeReader.Engine,
    };

    static readonly Option<FileInfo> KeyFile = new("--key-file")
    {
        Description = "The file with the zone's key; default what the compose file's secret o3_key names",
        HelpName = "FILE",
    };

    /// <summary>Also an option of <c>allot up</c>.</summary>
    public static readonly Option<bool> Run = new("--run")
    {
        Description = "Run the commands of the compose file's services too, as processes of this machine, until Ctrl-C",
    };

    public static Command Create() => new("zone", "Run zones of services that talk by intents") { Up(), Check(), Status(), Down() };

    static Command Up() =>
        new Command("up", "Have the node run the core of a zone") { File, KeyFile, Run, Engine, SigningKey.Option }.Runs(async (parsed, session) =>
    {
        var file = await ZoneFile.LoadAsync(parsed.GetRequiredValue(File), parsed.GetRequiredValue(Engine), session.Stop);
        var keyFile = parsed.GetValue(KeyFile)?.FullName;
        await ZoneKeys.GiveAsync(session, file, keyFile);
        await Deployment.ApplyAsync(session, file.Draft, parsed.GetRequiredValue(SigningKey.Option), wait: true);
        if (parsed.GetValue(Run))
            await RunAsync(session, file with { KeyFile = keyFile ?? file.KeyFile });
        else
            foreach (var status in await ZonesAsync(session, file.Zones.Select(zone => zone.Zone)))
                ZoneTable.Show(status, session.Output);
    });

    /// <summary>The zone goes on when this ends: it is the node's, and only its services were started here.</summary>
    static async Task RunAsync(Session session, ZoneFile file)
    {
        await using var programs = await ServicePrograms.StartAsync(session, [file]);
        foreach (var status in await ZonesAsync(session, file.Zones.Select(zone => zone.Zone)))
            ZoneTable.Show(status, session.Output);
        session.Output.Line("ready: its services run until Ctrl-C");
        try
        {
            await Task.Delay(Timeout.Infinite, session.Stop);
        }
        catch (OperationCanceledException)
        {
            session.Output.Line($"stopped its services; `allot zone down {file.Draft.Blueprint.Name}` takes the zone down");
        }
    }

    static Command Check() => new Command("check", "Say what a compose file is as a zone, without a node") { File, Engine }.Runs(async (parsed, session) =>
    {
        var file = await ZoneFile.LoadAsync(parsed.GetRequiredValue(File), parsed.GetRequiredValue(Engine), session.Stop);
        foreach (var warning in file.Draft.Warnings)
            session.Output.Warn(warning.ToString());
        foreach (var zone in file.Zones)
            ZoneTable.Show(zone, session.Output);
    });

    static Command Status() => new Command("status", "Show the pulse and the arteries of zones") { OptionalName }.Runs(async (parsed, session) =>
    {
        var statuses = await ZonesAsync(session, parsed.GetValue(OptionalName) is { } zone ? [.. await NamesAsync(zone, session)] : null);
        foreach (var status in statuses)
            ZoneTable.Show(status, session.Output);
        if (statuses.Count == 0)
            session.Output.Line("No zone runs on the node: `allot zone up COMPOSE-FILE` starts one.");
    });

    static Command Down() =>
        new Command("down", "Stop the core of a zone and remove its blueprint") { FileOrName, SigningKey.Option }.Runs(async (parsed, session) =>
    {
        var name = parsed.GetRequiredValue(FileOrName);
        var blueprint = IsFile(name)
            ? (await ZoneFile.LoadAsync(name, ComposeReader.Engine, session.Stop)).Draft.Blueprint.Name
            : await BlueprintOfAsync(name, session);
        await DeleteCommand.RemoveAsync(session, blueprint, parsed.GetRequiredValue(SigningKey.Option));
    });

    static bool IsFile(string nameOrFile) => System.IO.File.Exists(nameOrFile) || Directory.Exists(nameOrFile) || nameOrFile.Contains('/');

    /// <summary>The zone of a compose file goes by its blueprint's name; one in a larger blueprint is not taken down without the rest.</summary>
    static async Task<string> BlueprintOfAsync(string zone, Session session)
    {
        var workloads = await session.WorkloadsAsync();
        var others = workloads.Where(workload => workload.Component == zone && workload.Workload != $"{zone}-{zone}").ToList();
        return others is [var part, ..] && !workloads.Any(workload => workload.Workload == $"{zone}-{zone}")
            ? throw new FaultException(new Fault.Invalid("zone",
                $"Zone {zone} is a component of a larger blueprint ({part.Workload}): `allot list` names it, and `allot delete` removes all of it."))
            : zone;
    }

    /// <summary>The one zone that a name or file stands for, which runs.</summary>
    public static async Task<string> FindAsync(string nameOrFile, Session session)
    {
        var names = (await NamesAsync(nameOrFile, session)).ToList();
        await ZonesAsync(session, names);
        return names is [var only]
            ? only
            : throw new FaultException(new Fault.Invalid("zone", $"{nameOrFile} has the zones {string.Join(", ", names)}: say which."));
    }

    static async Task<IEnumerable<string>> NamesAsync(string nameOrFile, Session session) => IsFile(nameOrFile)
        ? (await ZoneFile.LoadAsync(nameOrFile, ComposeReader.Engine, session.Stop)).Zones.Select(zone => zone.Zone)
        : [nameOrFile];

    /// <param name="names">Those asked for; all when <see langword="null"/>.</param>
    /// <exception cref="FaultException"><see cref="Fault.NotFound"/> for a name that no zone of the node has.</exception>
    public static async Task<IReadOnlyList<ZoneStatus>> ZonesAsync(Session session, IEnumerable<string>? names)
    {
        var reply = await session.Node.RequestAsync(new Message(Subjects.ZoneStatus), cancellation: session.Stop);
        var all = reply.Payload.As(ContractsJson.Default.ZoneStatusList).Zones;
        return names is null ? all : [.. names.Select(name => all.FirstOrDefault(zone => zone.Zone == name)
            ?? throw new FaultException(new Fault.NotFound($"No zone {name} runs on the node: `allot zone status` lists those that do.")))];
    }
}
