namespace Allotrope.Contracts;

/// <summary>A directory that a component keeps files in, on each node that runs it. All its instances there have the same one.</summary>
/// <param name="Path">What the component calls it, such as <c>/data</c>.</param>
/// <param name="Mebibytes">How much of the disk it may take.</param>
public sealed record Folder(string Path, int Mebibytes);
