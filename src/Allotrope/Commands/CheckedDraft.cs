using Allotrope.Actors;
using Allotrope.Contracts;

namespace Allotrope.Commands;

/// <summary>A blueprint file of which all is known that can be before it is on a node: also whether its components' imports are granted.</summary>
static class CheckedDraft
{
    /// <inheritdoc cref="BlueprintDraft.LoadAsync"/>
    public static async Task<BlueprintDraft> LoadAsync(string path, CancellationToken cancellation)
    {
        var draft = await BlueprintDraft.LoadAsync(path, cancellation);
        await ComponentCheck.RunAsync(draft, cancellation);
        return draft;
    }
}
