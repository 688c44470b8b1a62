using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// Compares what the components of a blueprint import and export with what the blueprint links, before any of it is on a node: each problem names the
/// interface and the line of the image.
/// </summary>
public static class ComponentCheck
{
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> with all that is wrong.</exception>
    public static async Task RunAsync(BlueprintDraft draft, CancellationToken cancellation = default)
    {
        List<Problem> problems = [];
        foreach (var component in draft.Blueprint.Components.Where(component => component is { Kind: ComponentKind.Component, Image: not null }))
            if (draft.Images.FirstOrDefault(image => image.Digest == ImageReference.Parse(component.Image!).Digest) is { } image)
                problems.AddRange(Problems(draft, component, await File.ReadAllBytesAsync(image.Path, cancellation)));
        if (problems.Count > 0)
            throw new FaultException(Problem.FaultOf(problems));
    }

    static IEnumerable<Problem> Problems(BlueprintDraft draft, Contracts.Component component, byte[] content)
    {
        var at = draft.ImagePlaces[component.Name];
        ComponentInspection seen;
        try
        {
            seen = ComponentInspection.Of(content);
        }
        catch (FaultException error) when (error.Fault is Fault.Invalid)
        {
            return [new(at, $"component '{component.Name}'", error.Fault.Message)];
        }
        var others = draft.Blueprint.Components.ToDictionary(other => other.Name);
        var granted = component.Links.Where(link => others[link.Target].Kind != ComponentKind.Actor)
            .SelectMany(link => link.Interfaces.Select(face => $"{link.Contract}/{face}")).ToHashSet();
        return
        [
            .. seen.Imports.Where(import => import.Grant != Grant.Everyone && (import.Grant == Grant.OtherVersion || !granted.Contains(import.Path)))
                .GroupBy(import => (import.Package, import.Grant))
                .Select(missing => new Problem(at, $"component '{component.Name}' imports {string.Join(" and ", missing.Select(import => import.Name))}",
                    Remedy(draft.Blueprint, component, [.. missing]))),
            .. Unanswered(draft.Blueprint, component, seen)
                .Select(face => new Problem(at, $"component '{component.Name}'", $"it exports no {face.Interface}, for which '{face.Source}' links to it")),
        ];
    }

    /// <summary>Interfaces by which a provider means to call the component, which it does not export.</summary>
    static IEnumerable<(string Source, string Interface)> Unanswered(Blueprint blueprint, Contracts.Component component, ComponentInspection seen) =>
        from source in blueprint.Components
        where source.Kind == ComponentKind.Capability
        from link in source.Links
        where link.Target == component.Name
        from face in link.Interfaces.Select(face => $"{link.Contract}/{face}")
        where !seen.Exports.Any(export => export.Split('@')[0] == face)
        select (source.Name, face);

    static string Remedy(Blueprint blueprint, Contracts.Component component, IReadOnlyList<ComponentImport> missing)
    {
        if (missing[0].Grant == Grant.OtherVersion)
            return $"this version is not known here, only {string.Join(" and ", missing.SelectMany(import => import.Versions))}: build it for one of those";
        if (missing[0].Provider is not { } provider)
            return missing[0].Path.Contains('/', StringComparison.Ordinal)
                ? "nothing grants it: link it to a component that exports it, or build it without"
                : "nothing grants what is outside of an interface: build it without";
        var faces = string.Join(", ", missing.Select(import => import.Path[(import.Package.Length + 1)..]));
        if (component.Links.FirstOrDefault(link => link.Contract == missing[0].Package) is { } link)
            return $"nothing grants it: add {faces} to the interfaces of the link to '{link.Target}'";
        var colon = missing[0].Package.IndexOf(':', StringComparison.Ordinal);
        var target = blueprint.Components.FirstOrDefault(other => other.Image == provider)?.Name;
        return $"nothing grants it: add a link {{target: {target ?? "..."}, namespace: {missing[0].Package[..colon]}, package: {missing[0].Package[(colon + 1)..]}, " +
            $"interfaces: [{faces}]}}{(target is null ? $" to a component with image {provider}" : "")}";
    }
}
