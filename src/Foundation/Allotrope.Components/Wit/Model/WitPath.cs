namespace Allotrope.Components.Wit;

/// <summary>Names an interface or world, of the same package or of another.</summary>
/// <param name="package">The other package; null for the same.</param>
/// <param name="name">Of the interface or world.</param>
/// <param name="position">Where it is written.</param>
public sealed class WitPath(WitPackageName? package, string name, WitPosition position)
{
    public WitPackageName? Package { get; } = package;

    public string Name { get; } = name;

    public WitPosition Position { get; } = position;

    /// <summary>What it names.</summary>
    public WitScope Target { get; internal set; } = null!;

    /// <summary>As it is written.</summary>
    public override string ToString() => Package is null ? WitLabel.Written(Name) : Package.Of(WitLabel.Written(Name));

    internal static WitPath To(WitScope target) => new(target.Package.Name, target.Name, default) { Target = target };
}
