using System.Buffers;

namespace Allotrope.Contracts;

/// <summary>Reads the <c>folders</c> of a component: where it may keep files.</summary>
sealed class FoldersReader(Problems problems)
{
    const int Most = 8;
    const int LongestPath = 64;
    const int DefaultMebibytes = 64;
    const int MostMebibytes = 1024 * 1024;

    static readonly SearchValues<char> InPath = SearchValues.Create("/-_.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    public IReadOnlyList<Folder> Read(Section properties)
    {
        var folders = new List<Folder>();
        foreach (var item in properties.Mappings("folders"))
        {
            var section = new Section(item, "a folder", problems, "path", "size");
            var path = section.RequiredText("path");
            if (path.Length == 0)
                continue;
            if (!IsPath(path))
                problems.Error(section.PlaceOf("path"), $"path '{Quote.Short(path)}'",
                    $"expected what the component calls it, such as /data or /var/lib/shop: at most {LongestPath} letters, digits, '.', '_' and '-' between slashes");
            else if (folders.Find(other => Overlap(other.Path, path)) is { } other)
                problems.Error(section.PlaceOf("path"), $"path '{path}'", $"it overlaps with '{other.Path}'; folders lie side by side");
            else
                folders.Add(new(path, Size(section)));
        }

        if (folders.Count > Most)
            problems.Error(properties.PlaceOf("folders"), $"{folders.Count} folders", $"a component has at most {Most}");
        return folders;
    }

    int Size(Section section)
    {
        if (section.Text("size") is not { } size)
            return DefaultMebibytes;
        if (Quantity.Mebibytes(size) is >= 1 and <= MostMebibytes and { } mebibytes)
            return mebibytes;
        problems.Error(section.PlaceOf("size"), $"size '{Quote.Short(size)}'", "expected whole Mi or Gi from 1Mi to 1024Gi, such as 64Mi");
        return DefaultMebibytes;
    }

    static bool IsPath(string path) => path == "/" || (path.Length <= LongestPath && path[0] == '/' && !path.AsSpan().ContainsAnyExcept(InPath)
        && Array.TrueForAll(path[1..].Split('/'), step => step is not ("" or "." or "..")));

    static bool Overlap(string one, string other) => IsWithin(one, other) || IsWithin(other, one);

    static bool IsWithin(string path, string folder) => path == folder || folder == "/" || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
