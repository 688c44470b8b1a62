using Allotrope.Components;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>A name in a directory that is open: where a file is, or may be made. The kernel is given one name then, which leads nowhere else.</summary>
/// <param name="folder">The directory.</param>
/// <param name="owned">Whether it was opened for this.</param>
readonly struct Place(SafeFileHandle folder, bool owned, string name, bool mustBeDirectory) : IDisposable
{
    public SafeFileHandle Folder => folder;

    /// <summary>The last name of the path, without slashes.</summary>
    public string Name => name;

    /// <summary>The path ended in a slash.</summary>
    public bool MustBeDirectory => mustBeDirectory;

    /// <summary>The name with the slash that the guest wrote: for calls that do not follow a link at the end even so (mkdir, rmdir, unlink, rename, symlink).</summary>
    public string Written => mustBeDirectory ? name + "/" : name;

    /// <summary>The path ends in <c>.</c> or <c>..</c>: it names a directory that cannot be made, removed or renamed by that name.</summary>
    public bool IsDots => name is "." or "..";

    public static Result<Place, ErrorCode> Find(SafeFileHandle folder, string path, bool stepwise)
    {
        if (GuestPath.Refusal(path) is { } refusal)
            return refusal;
        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/');
        var name = trimmed[(slash + 1)..];
        if (name is "." or "..")
        {
            // Dots may lead out: what is looked at then is what they lead to.
            var whole = Beneath.Open(folder, path, OpenMode.PathOnly | OpenMode.Directory, stepwise);
            return whole.IsOk ? new Place(whole.Value, true, name, true) : whole.Error;
        }

        if (slash < 0)
            return new Place(folder, false, name, trimmed.Length < path.Length);
        var parent = Beneath.Open(folder, trimmed[..slash], OpenMode.PathOnly | OpenMode.Directory, stepwise);
        return parent.IsOk ? new Place(parent.Value, true, name, trimmed.Length < path.Length) : parent.Error;
    }

    public void Dispose()
    {
        if (owned)
            folder.Dispose();
    }
}
