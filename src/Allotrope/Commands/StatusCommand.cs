using System.CommandLine;
using Allotrope.Contracts;

namespace Allotrope.Commands;

/// <summary><c>allot status [blueprint]</c>: how the workloads of one blueprint, or of all, fare.</summary>
static class StatusCommand
{
    static readonly Argument<string?> Blueprint = new("blueprint")
    {
        Description = "The blueprint; all when not given",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create() => new Command("status", "Show how blueprints and their workloads fare") { Blueprint }.Runs(async (parsed, session) =>
    {
        string[] names = parsed.GetValue(Blueprint) is { } one ? [one] : [.. (await session.ListAsync()).Blueprints.Select(blueprint => blueprint.Name)];
        if (names.Length == 0)
            session.Output.Line($"A node is running on {session.Layout.Root}. No blueprint is applied yet: `allot apply FILE` applies one.");
        foreach (var name in names)
            Show(await session.StatusAsync(name), session.Output);
    });

    public static void Show(BlueprintStatus status, Output output)
    {
        output.Object(status, ContractsJson.Default.BlueprintStatus);
        output.Line($"{status.Name} {status.Version}: {Words.Of(status.State)}{(status.Message is "" ? "" : $" - {status.Message}")}");
        output.Table(["  WORKLOAD", "STATE", "INSTANCES", "REACHED AT", "MESSAGE"], status.Workloads.Select(workload => (string[])
        [
            $"  {workload.Workload}", Words.Of(workload.State), $"{workload.Instances}", string.Join(" ", workload.Urls), workload.Message,
        ]));
    }
}
