namespace Allotrope.Components.Wit;

/// <summary>A WIT file.</summary>
/// <param name="File">Its path, for messages.</param>
/// <param name="Text">What is in it.</param>
/// <param name="Group">Files of one group are of one package, besides packages that are written within them.</param>
/// <param name="IsDependency">Whether it is of a package that others need, rather than one of theirs.</param>
public sealed record WitSource(string File, string Text, string Group, bool IsDependency = false)
{
    /// <summary>
    /// A file whose group follows from its place: its folder, or itself when that is called <c>deps</c>. What is below such a folder is a dependency.
    /// </summary>
    /// <param name="file">Its path.</param>
    /// <param name="text">What is in it.</param>
    /// <param name="root">The folder that the path is looked at from; folders above it mean nothing.</param>
    public static WitSource At(string file, string text, string root = "")
    {
        var path = file.Replace('\\', '/');
        var below = path.StartsWith(root.Replace('\\', '/'), StringComparison.Ordinal) ? path.Substring(root.Length) : path;
        var folders = below.Split('/');
        var folder = path.Substring(0, Math.Max(path.LastIndexOf('/'), 0));
        return folders.Length > 1 && folders[folders.Length - 2] == "deps"
            ? new(file, text, file, true)
            : new(file, text, folder, folders.Take(folders.Length - 1).Contains("deps"));
    }
}
