namespace Allotrope.Contracts;

/// <summary>Finds components that are linked in a circle: each would have to be started before the other.</summary>
sealed class Circles(Problems problems)
{
    public void Check(IReadOnlyList<WrittenComponent> components)
    {
        var open = components.Where(part => part.Component is { Kind: ComponentKind.Component, StandsFor: null })
            .DistinctBy(part => part.Component.Name).ToDictionary(part => part.Component.Name);
        // What is left when all that need none of the others are taken away, again and again, has a circle within it.
        while (open.Values.FirstOrDefault(part => !LinksTo(part, open).Any()) is { } free)
            open.Remove(free.Component.Name);
        if (open.Count > 0)
            Report(open);
    }

    void Report(Dictionary<string, WrittenComponent> open)
    {
        var path = new List<WrittenLink>();
        var name = open.Keys.First();
        var visited = new List<string>();
        while (!visited.Contains(name))
        {
            visited.Add(name);
            path.Add(LinksTo(open[name], open).First());
            name = path[^1].Link.Target;
        }

        var start = visited.IndexOf(name);
        var around = string.Join(" -> ", visited[start..].Append(name).Select(each => Quote.Short(each)));
        problems.Error(path[start].At, $"a circle of links, {around}", "each of these components would have to be started before the other; take one of the links out");
    }

    static IEnumerable<WrittenLink> LinksTo(WrittenComponent part, Dictionary<string, WrittenComponent> open) =>
        part.Links.Where(link => !link.Link.IsLinkdef && open.ContainsKey(link.Link.Target));
}
