using System.Security.Cryptography;
using Allotrope.Commands;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Checking;

/// <summary>Whether a blueprint's components fit those of other blueprints that they are linked to, as far as these are in the data folder.</summary>
static class SharedTypes
{
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>, with the line of the link, when two do not fit.</exception>
    public static async Task CheckAsync(Session session, BlueprintDraft draft)
    {
        var linked = draft.Blueprint.Components.SelectMany(component => component.Links).Where(link => !link.IsLinkdef).Select(link => link.Target).ToHashSet();
        var elsewhere = new Dictionary<string, byte[]>();
        foreach (var component in draft.Blueprint.Components.Where(component => component.Kind == ComponentKind.Component && linked.Contains(component.Name)))
        {
            if (component.StandsFor is not { } other)
                continue;
            if (await ContentAsync(session, other) is { } content)
                elsewhere.Add(component.Name, content);
            else
                session.Output.Line($"{component.Name} is {other.Component} of {other.Blueprint}, which is not here to be compared: the node compares it when both run");
        }

        if (elsewhere.Count > 0 && await LinkedTypes.CheckAsync(draft, session.Stop, elsewhere) is { } problem)
            throw new FaultException(Problem.FaultOf([problem]));
    }

    static async Task<byte[]?> ContentAsync(Session session, ComponentReference other)
    {
        try
        {
            var blueprint = BlueprintReader.ReadCanonical((await session.GetAsync(other.Blueprint)).Signed.Canonical.Span).Blueprint;
            return blueprint.Components.FirstOrDefault(part => part.Name == other.Component) is { Kind: ComponentKind.Component, Image: { } image }
                && ImageReference.Parse(image) is { IsBuiltin: false, Digest: { } digest }
                ? await ReadAsync(session, digest)
                : null;
        }
        catch (FaultException error) when (error.Fault is Fault.NotFound)
        {
            return null; // the planner says so
        }
    }

    /// <summary>From where the node keeps it, if that is in this data folder and undamaged.</summary>
    static async Task<byte[]?> ReadAsync(Session session, string digest)
    {
        var parts = digest.Split(':');
        var path = Path.Combine([session.Layout.Artifacts, .. parts]);
        if (!File.Exists(path))
            return null;
        var content = await File.ReadAllBytesAsync(path, session.Stop);
        return Convert.ToHexStringLower(SHA256.HashData(content)) == parts[^1] ? content : null;
    }
}
