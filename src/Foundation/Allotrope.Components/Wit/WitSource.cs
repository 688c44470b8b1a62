namespace Allotrope.Components.Wit;

/// <summary>A WIT file.</summary>
/// <param name="File">Its path, for messages.</param>
/// <param name="Text">What is in it.</param>
/// <param name="Group">Files of one group are of one package, besides packages that are written within them.</param>
public sealed record WitSource(string File, string Text, string Group)
{
    /// <summary>A file whose group follows from its place: its folder, or itself when that is called <c>deps</c>.</summary>
    public static WitSource At(string file, string text)
    {
        var slash = file.Replace('\\', '/').LastIndexOf('/');
        var folder = slash < 0 ? "" : file.Substring(0, slash);
        return new(file, text, IsDependencies(folder) ? file : folder);
    }

    /// <summary>Whether it is of a package that others need, rather than one of theirs.</summary>
    public bool IsDependency => File.Replace('\\', '/').Split('/').Reverse().Skip(1).Contains("deps");

    static bool IsDependencies(string folder) => folder == "deps" || folder.EndsWith("/deps", StringComparison.Ordinal) || folder.EndsWith("\\deps", StringComparison.Ordinal);
}
