using System.CommandLine;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <param name="Path">Such as <c>components.counter.instances</c>.</param>
/// <param name="Before">What runs; absent when it is new.</param>
/// <param name="After">What the file says; absent when it goes away.</param>
sealed record DiffLine(string Blueprint, string Path, string? Before, string? After);

/// <summary><c>allot diff &lt;file&gt;</c>: what applying a blueprint would change.</summary>
static class DiffCommand
{
    static readonly Argument<string> File = new("blueprint") { Description = "A blueprint file, or a folder with an app.yaml" };

    public static Command Create() => new Command("diff", "Show what applying a blueprint would change") { File }.Runs(async (parsed, session) =>
    {
        var draft = await CheckedDraft.LoadAsync(parsed.GetRequiredValue(File), session.Stop);
        var name = draft.Blueprint.Name;
        var differences = BlueprintDiff.Between(await AdmittedAsync(session, name), draft.Blueprint);
        if (differences.Count == 0)
            session.Output.Line($"{name}: nothing would change");
        foreach (var (path, before, after) in differences)
        {
            session.Output.Object(new DiffLine(name, path, before, after), CommandsJson.Default.DiffLine);
            session.Output.Line((before, after) switch
            {
                (null, _) => $"+ {path}: {after}",
                (_, null) => $"- {path}: {before}",
                _ => $"~ {path}: {before} -> {after}",
            });
        }
    });

    static async Task<Blueprint?> AdmittedAsync(Session session, string name)
    {
        try
        {
            return BlueprintReader.ReadCanonical((await session.GetAsync(name)).Signed.Canonical.Span).Blueprint;
        }
        catch (FaultException error) when (error.Fault is Fault.NotFound)
        {
            return null; // everything is new
        }
    }
}
