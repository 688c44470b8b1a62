using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Compares components that are to be given one another's exports, where no host is at hand: what it is to offer is taken to fit.</summary>
public static class LinkedComponents
{
    /// <param name="parts">The components by name.</param>
    /// <param name="given">For an import of a component, the name of the component whose export it is. All others are the host's.</param>
    /// <returns>What does not fit first; null when all does.</returns>
    public static Misfit? Check(IEnumerable<KeyValuePair<string, Component>> parts, IReadOnlyDictionary<(string Part, string Import), string> given)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(given);
        var all = new OrderedDictionary<string, Component>(parts);
        var chosen = new Dictionary<(string, string), string>();
        foreach (var (name, part) in all)
        {
            foreach (var import in part.Type.Imports.Keys)
                chosen.Add((name, import), given.GetValueOrDefault((name, import)) ?? "");
        }

        var planner = new CompositionPlanner(all, chosen, link: null);
        try
        {
            planner.Make();
            return null;
        }
        catch (LinkException e)
        {
            return new Misfit(planner.At?.Part, planner.At?.Import, e.Message);
        }
    }

    /// <summary>Those of a component's imports that are the interface, in whatever version.</summary>
    /// <param name="component">The component.</param>
    /// <param name="path">Without a version, such as <c>wasi:http/types</c>.</param>
    public static IEnumerable<string> ImportsOf(Component component, string path)
    {
        ArgumentNullException.ThrowIfNull(component);
        return component.Type.Imports.Keys.Where(import => import.Contains(':', StringComparison.Ordinal) && InterfaceName.Parse(import).Path == path);
    }
}

/// <summary>An import that is not what it is given.</summary>
/// <param name="Part">The component that imports; null when it is not one alone.</param>
/// <param name="Import">What it imports.</param>
/// <param name="Sentence">What differs.</param>
public sealed record Misfit(string? Part, string? Import, string Sentence);
