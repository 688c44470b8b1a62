using Allotrope.Kernel;

namespace Allotrope.DataFolder;

/// <summary>
/// The data folder as the one node that runs on it holds it: locked, checked, and filled on first start with a node key, a user key and the
/// tenant <c>home</c> that trusts the user key.
/// </summary>
public sealed class NodeFolder : IDisposable
{
    /// <summary>Raised when a change of the layout needs work on what is there.</summary>
    const string CurrentVersion = "1";

    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    readonly FileStream _lock;

    NodeFolder(FolderLayout layout, FileStream held, KeyPair nodeKey) => (Layout, _lock, NodeKey) = (layout, held, nodeKey);

    public FolderLayout Layout { get; }

    /// <summary>Who the node is; disposed with the folder.</summary>
    public KeyPair NodeKey { get; }

    /// <summary>Opens the folder for a node, making it on first start.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Conflict"/> when a node runs on it, <see cref="Fault.Damaged"/> when something in it is missing or broken,
    /// <see cref="Fault.Invalid"/> when it is somebody else's folder.
    /// </exception>
    public static NodeFolder Open(FolderLayout layout, IRandom random)
    {
        var held = Lock(layout);
        try
        {
            var keys = new KeyFolder(layout.Keys);
            if (!File.Exists(layout.Version))
                Create(layout, keys, random);
            CheckVersion(layout);
            return new(layout, held, keys.Read(KeyFolder.NodeKey));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        NodeKey.Dispose();
        _lock.Dispose();
    }

    static FileStream Lock(FolderLayout layout)
    {
        try
        {
            Directory.CreateDirectory(layout.Root, OwnerOnly);
            File.SetUnixFileMode(layout.Root, OwnerOnly); // it holds secret keys and the control socket
            return new FileStream(layout.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new FaultException(new Fault.Refused($"The data folder {layout.Root} is not yours to write: name another with --data."), error);
        }
        catch (IOException error) when (File.Exists(layout.Lock))
        {
            throw new FaultException(new Fault.Conflict(
                $"Another node is running on {layout.Root}: use it with `allot apply`, stop it, or give this one a folder of its own with --data."), error);
        }
        catch (IOException error)
        {
            throw new FaultException(new Fault.Invalid(layout.Root, $"{layout.Root} cannot be a data folder: {error.Message}"), error);
        }
    }

    static void Create(FolderLayout layout, KeyFolder keys, IRandom random)
    {
        // What a first start that was cut short left behind is made again; what no node made is somebody else's.
        if (File.Exists(layout.Record))
            throw new FaultException(new Fault.Damaged(
                $"The data folder {layout.Root} has a record but no file `version`: restore the folder from a backup, or start afresh with another --data."));
        string[] ours = [layout.Lock, layout.Keys, layout.Tenants];
        if (Directory.EnumerateFileSystemEntries(layout.Root).FirstOrDefault(entry => !ours.Contains(entry)) is { } foreign)
            throw new FaultException(new Fault.Invalid(layout.Root,
                $"{layout.Root} is no data folder: it holds {Path.GetFileName(foreign)}. Name an empty or new folder with --data."));

        using var node = ReadOrCreate(keys, KeyFolder.NodeKey, KeyRole.Node, random);
        using var user = ReadOrCreate(keys, KeyFolder.UserKey, KeyRole.User, random);
        TenantFile.Create(layout.Tenants, TenantFile.Home, user.PublicKey);
        // The version comes last: with it, the rest is there.
        File.WriteAllText(layout.Version, CurrentVersion + "\n");
    }

    static KeyPair ReadOrCreate(KeyFolder keys, string name, KeyRole role, IRandom random) =>
        keys.Has(name) ? keys.Read(name) : keys.Create(name, role, random);

    static void CheckVersion(FolderLayout layout)
    {
        var version = File.ReadAllText(layout.Version).Trim();
        if (version != CurrentVersion)
            throw new FaultException(int.TryParse(version, out _)
                ? new Fault.Refused($"The data folder {layout.Root} is of version {version}, and this program reads version {CurrentVersion}: use the program that made it.")
                : new Fault.Damaged($"The file {layout.Version} should hold the number {CurrentVersion} and does not: restore the folder from a backup."));
    }
}
