using System.CommandLine;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary><c>allot apply &lt;file ...&gt;</c>: signs blueprints and has the node run them.</summary>
static class ApplyCommand
{
    static readonly Argument<string[]> Files = new("blueprint")
    {
        Description = "Blueprint files, or folders with an app.yaml",
        Arity = ArgumentArity.OneOrMore,
    };

    static readonly Option<bool> NoWait = new("--no-wait") { Description = "Return once admitted, not once running" };

    public static Command Create() => new Command("apply", "Sign blueprints and have the node run them") { Files, SigningKey.Option, NoWait }.Runs(async (parsed, session) =>
    {
        // All are read before the first is applied: a mistake in the second changes nothing.
        var drafts = new List<BlueprintDraft>();
        foreach (var file in parsed.GetRequiredValue(Files))
            drafts.Add((await ZoneFile.LoadAnyAsync(file, session.Stop)) is { IsCompose: false, Draft: var draft }
                ? draft
                : throw new FaultException(new Fault.Invalid(file, $"{file} is a compose file: `allot zone up {file}` runs its zone, with its key.")));
        foreach (var draft in drafts)
            await Deployment.ApplyAsync(session, draft, parsed.GetRequiredValue(SigningKey.Option), wait: !parsed.GetValue(NoWait));
    });
}
