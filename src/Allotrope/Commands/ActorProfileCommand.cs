using System.CommandLine;
using System.Globalization;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Commands;

/// <summary><c>allot actor profile &lt;actor&gt;</c>: which functions of a running actor take its time.</summary>
static class ActorProfileCommand
{
    const int DefaultSeconds = 5;

    /// <summary>Functions in the table; the others are in the stacks.</summary>
    const int MostRows = 30;

    /// <summary>For compiling the actor, and the way.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    static readonly Argument<string> Actor = new("actor") { Description = "The workload, {blueprint}-{component}, or the component's name where only one has it" };

    static readonly Option<double> Seconds = new("--seconds") { Description = "For how long to look", HelpName = "N", DefaultValueFactory = _ => DefaultSeconds };

    static readonly Option<bool> Folded = new("--folded") { Description = "Print stacks with their counts, as programs that draw flame graphs read them" };

    public static Command Create() => new Command("profile", "Show where a running actor spends its time, by function") { Actor, Seconds, Folded }.Runs(async (parsed, session) =>
    {
        var seconds = parsed.GetValue(Seconds);
        if (seconds is not (> 0 and < int.MaxValue / 1000))
            throw new FaultException(new Fault.Invalid("--seconds", "The time to look must be positive."));
        var workload = await CallCommand.WorkloadOfAsync(session, parsed.GetRequiredValue(Actor));
        var result = await session.Node.RequestAsync(
            Subjects.ActorProfile, new ProfileRequest(workload, (int)Math.Ceiling(seconds * 1000)), ContractsJson.Default.ProfileRequest,
            ContractsJson.Default.ProfileResult, TimeSpan.FromSeconds(seconds) + Patience, session.Stop);
        session.Output.Object(result, ContractsJson.Default.ProfileResult);
        if (parsed.GetValue(Folded))
            foreach (var stack in result.Stacks)
                session.Output.Line($"{stack.Functions} {stack.Samples}");
        else
            Show(result, workload, session.Output);
    });

    static void Show(ProfileResult result, string workload, Output output)
    {
        var all = result.Stacks.Sum(stack => stack.Samples);
        if (all == 0)
        {
            output.Line($"{workload} did nothing in that time.");
            return;
        }

        var functions = GuestProfile.FunctionsOf(result.Stacks.Select(stack => KeyValuePair.Create(stack.Functions, stack.Samples)));
        output.Line($"{all} samples of {workload}");
        output.Table(
            ["SELF", "TOTAL", "FUNCTION"],
            functions.Take(MostRows).Select(function => (string[])[Share(function.Self, all), Share(function.Total, all), function.Name]));
    }

    static string Share(long part, long all) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / all:0.0} %");
}
