using System.CommandLine;
using System.Globalization;
using Allotrope.Actors;
using Allotrope.Artery;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Commands;

/// <summary>What <c>actor replay --json</c> prints.</summary>
/// <param name="Same">Whether the replay went as the record, to the last byte.</param>
/// <param name="Divergence">Where it did not.</param>
/// <param name="Stack">The functions of the trap or exception, innermost first, each with the variables that are known.</param>
sealed record ReplayLine(
    string File, string? Actor, string? Operation, string? Time, string Module, string Function, int HostCalls, string Outcome, bool Same, string? Divergence,
    IReadOnlyList<string> Stack);

/// <summary><c>allot actor replay &lt;file.record&gt;</c>: runs a recorded call again, without a node, and says whether it went as it did then.</summary>
static class ActorReplayCommand
{
    /// <summary>The only place to stop at.</summary>
    const string Trap = "trap";

    static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(60);

    static readonly Argument<FileInfo> Record = new("record") { Description = "The record that a call left" };

    static readonly Option<string> Until = new("--until")
    {
        Description = "Go to the trap and show the WebAssembly stack there, with its variables; slower, as the actor is interpreted",
        HelpName = Trap,
    };

    static readonly Option<int> Time = new("--time")
    {
        Description = "Seconds after which the actor is stopped",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => (int)DefaultTime.TotalSeconds,
    };

    public static Command Create()
    {
        Until.AcceptOnlyFromAmong(Trap);
        Time.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is <= 0 or > 86_400)
                result.AddError("--time takes a number of seconds from 1 to 86400.");
        });
        return new Command("replay", "Run a recorded call again, without a node") { Record, Until, Time }.Runs(async (parsed, session) =>
        {
            var file = parsed.GetRequiredValue(Record);
            var record = Read(file, await ReadAsync(file, session.Stop));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(session.Stop);
            stop.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(Time)));
            var toTrap = parsed.GetValue(Until) is not null;
            var outcome = Play(file, record, toTrap, stop.Token);
            session.Stop.ThrowIfCancellationRequested();
            Show(Line(file, record, outcome), showStack: toTrap, session.Output);
            if (outcome.Divergence is { } divergence)
                throw new FaultException(new Fault.Failed($"The replay went another way than the record: {PlainText.Of(divergence)}."));
            if (toTrap && outcome.Thrown is null)
                throw new FaultException(new Fault.NotFound($"Nothing traps in {file.Name}: {PlainText.Of($"{outcome.Function} {OutcomeOf(outcome)}")}."));
        });
    }

    static async Task<byte[]> ReadAsync(FileInfo file, CancellationToken stop) => file is { Exists: true, Length: > ActorLimits.RecordBytes }
        ? throw new FaultException(new Fault.Invalid("record", $"{file.FullName} has {file.Length} bytes; a record has at most {ActorLimits.RecordBytes}."))
        : await ActorInspectCommand.ReadAsync(file, stop);

    static CallRecord Read(FileInfo file, byte[] bytes)
    {
        try
        {
            return CallRecord.Read(bytes);
        }
        catch (DamagedStateException error)
        {
            throw Damaged(file, error);
        }
    }

    static ReplayOutcome Play(FileInfo file, CallRecord record, bool inspect, CancellationToken stop)
    {
        try
        {
            return Replay.Run(record, inspect: inspect, stop: stop);
        }
        catch (DamagedStateException error)
        {
            throw Damaged(file, error);
        }
        catch (Exception error) when (error is SnapshotException or LinkException or InvalidModuleException)
        {
            throw new FaultException(new Fault.Invalid("record", $"{file.FullName} cannot be replayed: {error.Message}."), error);
        }
    }

    static FaultException Damaged(FileInfo file, DamagedStateException error) =>
        new(new Fault.Damaged($"{file.FullName} is no record that can be replayed: {error.Message}."), error);

    static ReplayLine Line(FileInfo file, CallRecord record, ReplayOutcome outcome)
    {
        var notes = record.Notes.DistinctBy(note => note.Key).ToDictionary();
        return new(
            file.FullName, notes.GetValueOrDefault("actor"), notes.GetValueOrDefault("operation"), notes.GetValueOrDefault("time"),
            $"sha256:{Convert.ToHexStringLower(record.ModuleDigest.Span)}", outcome.Function, outcome.HostCalls, OutcomeOf(outcome),
            outcome.Divergence is null, outcome.Divergence, StackLines.Of(outcome));
    }

    static void Show(ReplayLine line, bool showStack, Output output)
    {
        output.Object(line, CommandsJson.Default.ReplayLine);
        if (line.Actor is not null)
            output.Line($"actor     {PlainText.Of($"{line.Actor}, {line.Operation}")}{(DateTimeOffset.TryParse(line.Time, CultureInfo.InvariantCulture, out var at) ? $" at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "")}");
        output.Line($"module    {line.Module}");
        output.Line($"replayed  {PlainText.Of(line.Function)}, {line.HostCalls} host calls");
        output.Line($"outcome   {PlainText.Of(line.Outcome)}");
        output.Line($"the same  {(line.Same ? "yes, to the last byte" : "no")}");
        if (!showStack)
            return;
        foreach (var text in line.Stack)
            output.Line($"    {PlainText.Of(text)}");
    }

    static string OutcomeOf(ReplayOutcome outcome) => outcome.Thrown switch
    {
        null => outcome.Results.Count == 0 ? "returned" : $"returned {string.Join(", ", outcome.Results)}",
        Wasm.Trap trap => $"trapped: {trap.Message}",
        GuestException => "threw an exception that nothing in it caught",
        var failed => $"was ended by its host: {failed.Message}",
    };
}
