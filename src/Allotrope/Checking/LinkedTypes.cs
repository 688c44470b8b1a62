using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Wasm;
using Component = Allotrope.Contracts.Component;

namespace Allotrope.Checking;

/// <summary>Whether components that a blueprint links to one another fit: what one imports must be what the other exports, in every type.</summary>
static class LinkedTypes
{
    /// <summary>Nothing runs here, so nothing is made machine code.</summary>
    static readonly ComponentOptions Reading = new()
    {
        MaxComponentBytes = (int)BlueprintDraft.ImageBytes,
        Modules = CompileOptions.Default with { Tier = Tier.Interpreted },
    };

    /// <param name="draft">The blueprint.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="elsewhere">The content of components that stand for those of other blueprints, by name, as far as it is known.</param>
    /// <returns>The first problem; null when there is none.</returns>
    public static async Task<Problem?> CheckAsync(BlueprintDraft draft, CancellationToken cancellation, IReadOnlyDictionary<string, byte[]>? elsewhere = null)
    {
        var parts = draft.Blueprint.Components.Where(part => IsComponentHere(part) || elsewhere?.ContainsKey(part.Name) == true).ToDictionary(part => part.Name);
        var links = parts.Values.SelectMany(part => part.Links.Index().Select(link => new Written(part, link.Item, draft.LinkPlaces[part.Name][link.Index])))
            .Where(written => !written.Link.IsLinkdef && parts.ContainsKey(written.Link.Target)).ToList();
        var read = new OrderedDictionary<string, Components.Component>();
        foreach (var name in links.SelectMany(written => new[] { written.From.Name, written.Link.Target }).Distinct())
        {
            try
            {
                read.Add(name, elsewhere?.GetValueOrDefault(name) is { } content ? Read(content) : await ReadAsync(parts[name], draft, read, cancellation));
            }
            catch (InvalidComponentException error)
            {
                return new(draft.ImagePlaces[name], $"the image of '{name}'", $"it is no valid component: {error.Message}");
            }
        }

        var given = new Dictionary<(string, string), string>();
        foreach (var (part, link, _) in links)
            foreach (var import in ImportsOver(link, read[part.Name]))
                given.TryAdd((part.Name, import), link.Target);
        return LinkedComponents.Check(read, given) is { } misfit ? Tell(misfit, links, read, draft) : null;
    }

    static bool IsComponentHere(Component part) =>
        part is { Kind: ComponentKind.Component, Image: { } image } && ImageReference.Parse(image) is { IsBuiltin: false, Digest: not null };

    static async Task<Components.Component> ReadAsync(Component part, BlueprintDraft draft, OrderedDictionary<string, Components.Component> read, CancellationToken cancellation)
    {
        var same = draft.Blueprint.Components.FirstOrDefault(other => other.Image == part.Image && read.ContainsKey(other.Name));
        if (same is not null)
            return read[same.Name];
        var digest = ImageReference.Parse(part.Image!).Digest;
        return Read(await File.ReadAllBytesAsync(draft.Images.First(image => image.Digest == digest).Path, cancellation));
    }

    static Components.Component Read(byte[] content) => Components.Component.IsComponent(content)
        ? Components.Component.Compile(content, Reading)
        : throw new InvalidComponentException("it is a core module", 0);

    static IEnumerable<string> ImportsOver(Link link, Components.Component part) =>
        link.Interfaces.SelectMany(face => LinkedComponents.ImportsOf(part, $"{link.Contract}/{face}"));

    static Problem Tell(Misfit misfit, List<Written> links, OrderedDictionary<string, Components.Component> read, BlueprintDraft draft)
    {
        var written = links.FirstOrDefault(each => each.From.Name == misfit.Part && ImportsOver(each.Link, read[misfit.Part]).Contains(misfit.Import));
        return written is null
            ? new(draft.ImagePlaces[misfit.Part ?? read.GetAt(0).Key], "the links of components", misfit.Sentence)
            : new(written.At, $"the link of '{written.From.Name}' to '{written.Link.Target}'", misfit.Sentence);
    }

    sealed record Written(Component From, Link Link, Place At);
}
