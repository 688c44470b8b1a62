namespace Allotrope.Contracts;

/// <summary>A component as it stands in its document, with the places that rules about the whole document speak of.</summary>
sealed record WrittenComponent(
    Component Component, Place NameAt, Place IdAt, Place ImageAt, IReadOnlyList<WrittenLink> Links, IReadOnlyList<WrittenSecret> Secrets);

/// <param name="Secrets">All secrets of both ends.</param>
/// <param name="InterfacesAt">Where the interfaces stand, or else the link.</param>
sealed record WrittenLink(Link Link, Place At, Place TargetAt, Place InterfacesAt, IReadOnlyList<WrittenSecret> Secrets);

sealed record WrittenSecret(Secret Secret, Place PolicyAt);
