namespace Allotrope.Components.Wit;

/// <summary>Packages in which every name has been found.</summary>
public sealed class WitResolution
{
    readonly Dictionary<string, WitPackage> _packages;

    internal WitResolution(IReadOnlyList<WitPackage> packages, IReadOnlyCollection<WitPackage> main)
    {
        Packages = packages;
        Main = main;
        _packages = packages.ToDictionary(package => package.Name.ToString());
    }

    /// <summary>All packages, in the order of their files.</summary>
    public IReadOnlyList<WitPackage> Packages { get; }

    /// <summary>Those of files that are no dependencies, packages within files not included.</summary>
    public IReadOnlyCollection<WitPackage> Main { get; }

    /// <summary>The package of a name with its version; null when there is none.</summary>
    public WitPackage? Find(string name) => _packages.TryGetValue(name, out var package) ? package : null;

    /// <summary>Reads files and finds what their names refer to.</summary>
    /// <exception cref="WitException">A file is wrong.</exception>
    public static WitResolution Of(IEnumerable<WitSource> sources, WitFeatures? features = null) => new WitResolver(features ?? WitFeatures.None).Resolve([.. sources]);
}
