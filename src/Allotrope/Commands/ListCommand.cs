using System.CommandLine;
using Allotrope.Contracts;

namespace Allotrope.Commands;

/// <summary><c>allot list</c>: which blueprints the node has admitted.</summary>
static class ListCommand
{
    public static Command Create() => new Command("list", "List the blueprints of the node").Runs(async (_, session) =>
    {
        var list = await session.ListAsync();
        session.Output.Object(list, ContractsJson.Default.BlueprintList);
        if (list.Blueprints.Count == 0)
            session.Output.Line("No blueprint is applied yet: `allot apply FILE` applies one.");
        else
            session.Output.Table(["BLUEPRINT", "VERSION", "STATE", "COMPONENTS", "APPLIED", "DESCRIPTION"], list.Blueprints.Select(blueprint => (string[])
            [
                blueprint.Name, blueprint.Version, Words.Of(blueprint.State), $"{blueprint.Components}",
                $"{blueprint.Applied.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z", blueprint.Description ?? "",
            ]));
    });
}
