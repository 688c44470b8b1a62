namespace Allotrope.Components.Wit;

/// <summary>The name of a package, such as <c>wasi:io@0.2.0</c>.</summary>
/// <param name="Namespace">Before the last colon; several are separated by colons.</param>
/// <param name="Name">Behind it; several are separated by slashes.</param>
/// <param name="Version">As semver.org writes it; null when the package has none.</param>
public sealed record WitPackageName(string Namespace, string Name, string? Version)
{
    /// <summary>Without the version.</summary>
    public string Unversioned => $"{Namespace}:{Name}";

    /// <summary>The full name of an interface or world of the package.</summary>
    public string Of(string item) => Unversioned + "/" + item + (Version is null ? "" : "@" + Version);

    public override string ToString() => Unversioned + (Version is null ? "" : "@" + Version);
}
