using Allotrope.Actors;
using Allotrope.Checking;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary>
/// A blueprint file of which all is known that can be before it is on a node: also whether its components' imports are granted, and fit what they are given.
/// </summary>
static class CheckedDraft
{
    /// <inheritdoc cref="BlueprintDraft.LoadAsync"/>
    public static async Task<BlueprintDraft> LoadAsync(string path, CancellationToken cancellation)
    {
        var draft = await BlueprintDraft.LoadAsync(path, cancellation);
        await ComponentCheck.RunAsync(draft, cancellation);
        if (await LinkedTypes.CheckAsync(draft, cancellation) is { } problem)
            throw new FaultException(Problem.FaultOf([problem]));
        return draft;
    }
}
