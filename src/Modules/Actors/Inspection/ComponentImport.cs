namespace Allotrope.Actors;

/// <summary>An interface, or a function of the world, that a component needs.</summary>
/// <param name="Name">With its version: <c>wasi:keyvalue/store@0.2.0-draft</c>.</param>
/// <param name="Versions">For <see cref="Grant.OtherVersion"/>: those that are known.</param>
public sealed record ComponentImport(string Name, Grant Grant, IReadOnlyList<string> Versions)
{
    /// <summary>Without the version.</summary>
    public string Path => Name.Split('@')[0];

    /// <summary>Such as <c>wasi:keyvalue</c>; the whole name for what is no interface of a package.</summary>
    public string Package => Path.Split('/')[0];

    /// <summary>For <see cref="Grant.Link"/>: which provider's image.</summary>
    public string? Provider => Grant == Grant.Link ? ComponentGrants.ProviderOf(Path) : null;

    internal static ComponentImport NotGranted(string name)
    {
        var import = new ComponentImport(name, Grant.Component, []);
        if (ComponentGrants.ProviderOf(import.Path) is null)
            return import;
        var linker = ComponentGrants.For([import.Path]);
        return linker.Has(name)
            ? import with { Grant = Grant.Link }
            : import with { Grant = Grant.OtherVersion, Versions = [.. linker.VersionsOf(import.Path).Order(StringComparer.Ordinal)] };
    }
}

/// <summary>What gives a component one of its imports.</summary>
public enum Grant
{
    /// <summary>Nothing need: every component has it.</summary>
    Everyone,

    /// <summary>A link to a provider of the node.</summary>
    Link,

    /// <summary>A link to a component that exports it; no provider of a node has it.</summary>
    Component,

    /// <summary>Nothing: a provider of the node has it, but in other versions.</summary>
    OtherVersion,
}
