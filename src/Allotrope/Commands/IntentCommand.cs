using System.CommandLine;
using System.Text.Json;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Commands;

/// <summary><c>allot intent send|tail|replay</c>: says an intent in a zone, listens to all of them, or reads what was archived.</summary>
static class IntentCommand
{
    /// <summary>As whom the node speaks in its zones.</summary>
    const string Origin = "core";

    static readonly Argument<string> Zone = new("zone") { Description = "The name of a zone, or the file it comes from" };
    static readonly Argument<string> Intent = new("intent") { Description = "The intent's name" };

    static readonly Option<string> Data = new("--data-json")
    {
        Description = "Its data: primitive JSON",
        HelpName = "JSON",
        DefaultValueFactory = _ => "null",
    };

    static readonly Option<string[]> Only = new("--only")
    {
        Description = "Intents to show: a name, or a prefix that ends in *; may stand several times",
        HelpName = "PATTERN",
    };

    static readonly Argument<string> Archived = new("file") { Description = "A file that a zone with `archive` has written, in `intents/` of the data folder" };

    static readonly Option<string?> Into = new("--into")
    {
        Description = "Say them again, now and by the core, in this zone",
        HelpName = "ZONE",
    };

    public static Command Create() => new("intent", "Say and hear intents of a zone") { Send(), Tail(), Replay() };

    static Command Send() => new Command("send", "Say an intent to the services of a zone") { Zone, Intent, Data }.Runs(async (parsed, session) =>
    {
        var (zone, intent, data) = (parsed.GetRequiredValue(Zone), parsed.GetRequiredValue(Intent), parsed.GetRequiredValue(Data));
        CheckJson(data);
        zone = await ZoneCommand.FindAsync(zone, session);
        var said = new IntentRecord(zone, Origin, intent, data, session.Time.GetUtcNow(), Sequence: 0);
        await session.Node.RequestAsync(
            new Message(Subjects.IntentSend, Payload.Of(said, ContractsJson.Default.IntentRecord)), cancellation: session.Stop);
        session.Output.Object(said, ContractsJson.Default.IntentRecord);
        session.Output.Line($"{intent} said in {zone}");
    });

    static Command Tail() => new Command("tail", "Show the intents of a zone as they pass, until Ctrl-C") { Zone, Only }.Runs(async (parsed, session) =>
    {
        var only = IntentPatterns.Split(string.Join(',', parsed.GetValue(Only) ?? []));
        var zone = await ZoneCommand.FindAsync(parsed.GetRequiredValue(Zone), session);
        await foreach (var message in session.Node.SubscribeAsync(Subjects.IntentTail(zone), session.Stop))
        {
            var intent = message.Payload.As(ContractsJson.Default.IntentRecord);
            if (only.Count > 0 && !only.Any(pattern => IntentName.Matches(pattern, intent.Name)))
                continue;
            Show(intent, session);
        }
    });

    static Command Replay() => new Command("replay", "Show the intents of an archive's file, or say them again in a zone") { Archived, Into, Only }.Runs(async (parsed, session) =>
    {
        var only = IntentPatterns.Split(string.Join(',', parsed.GetValue(Only) ?? []));
        var into = parsed.GetValue(Into) is { } named ? await ZoneCommand.FindAsync(named, session) : null;
        await using var file = Open(parsed.GetRequiredValue(Archived));
        var (said, passedOver) = (0L, 0L);
        await foreach (var intent in IntentLines.ReadAsync(file, line => session.Output.Line($"line {line} is damaged and passed over"), session.Stop))
        {
            if (only.Count > 0 && !only.Any(pattern => IntentName.Matches(pattern, intent.Name)))
                continue;
            if (into is null)
                Show(intent, session);
            else if (IntentName.IsReserved(intent.Name))
                passedOver++;
            else
            {
                await session.Node.RequestAsync(
                    new Message(Subjects.IntentSend, Payload.Of(intent with { Zone = into }, ContractsJson.Default.IntentRecord)), cancellation: session.Stop);
                said++;
            }
        }
        if (into is not null)
            session.Output.Line($"{said} intents said again in {into} as {Origin}{(passedOver > 0 ? $", {passedOver} that only the core says passed over" : "")}");
    });

    static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(new Fault.NotFound($"{path} cannot be read: {error.Message}"), error);
        }
    }

    static void Show(IntentRecord intent, Session session)
    {
        session.Output.Object(intent, ContractsJson.Default.IntentRecord);
        session.Output.Line($"{intent.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z {intent.Origin} {intent.Sequence} {intent.Name} {intent.Data}");
    }

    static void CheckJson(string data)
    {
        try
        {
            JsonDocument.Parse(data).Dispose();
        }
        catch (JsonException error)
        {
            throw new FaultException(new Fault.Invalid("--data-json", $"--data-json holds no JSON: {error.Message}"), error);
        }
    }
}
