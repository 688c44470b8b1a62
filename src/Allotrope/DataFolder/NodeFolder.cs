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
        CheckMade(layout);
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
            throw NotYours(layout, error);
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

    /// <summary>Looks before anything is touched: a folder that no node made is somebody else's, mode and all.</summary>
    static void CheckMade(FolderLayout layout)
    {
        if (!Directory.Exists(layout.Root))
            return;
        try
        {
            if (!File.Exists(layout.Version))
                CheckLeftOver(layout);
            else
                CheckVersion(layout);
        }
        catch (UnauthorizedAccessException error)
        {
            throw NotYours(layout, error);
        }
    }

    /// <summary>What a first start that was cut short left behind is made again; nothing else is.</summary>
    static void CheckLeftOver(FolderLayout layout)
    {
        var foreign = Directory.EnumerateFileSystemEntries(layout.Root).FirstOrDefault(entry => !IsLeftOver(layout, entry));
        if (foreign is null || File.Exists(layout.Version)) // another node is making it just now
            return;
        throw new FaultException(File.Exists(layout.Record)
            ? new Fault.Damaged(
                $"The data folder {layout.Root} has a record but no file `version`: restore the folder from a backup, or start afresh with another --data.")
            : new Fault.Invalid(layout.Root,
                $"{layout.Root} is no data folder: it holds {Path.GetFileName(foreign)}. Name an empty or new folder with --data."));
    }

    static bool IsLeftOver(FolderLayout layout, string entry)
    {
        if (entry == layout.Lock || entry == Aside(layout))
            return File.Exists(entry);
        return (entry == layout.Keys && HasOnly(entry, ".nk")) || (entry == layout.Tenants && HasOnly(entry, ".json"));
    }

    static bool HasOnly(string folder, string extension) => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder)
        .All(entry => entry.EndsWith(extension, StringComparison.Ordinal) || entry.EndsWith(extension + ".new", StringComparison.Ordinal));

    static string Aside(FolderLayout layout) => layout.Version + ".new";

    static FaultException NotYours(FolderLayout layout, Exception error) =>
        new(new Fault.Refused($"The data folder {layout.Root} is not yours to write: name another with --data."), error);

    static void Create(FolderLayout layout, KeyFolder keys, IRandom random)
    {
        CheckLeftOver(layout);
        using var node = ReadOrCreate(keys, KeyFolder.NodeKey, KeyRole.Node, random);
        using var user = ReadOrCreate(keys, KeyFolder.UserKey, KeyRole.User, random);
        TenantFile.Create(layout.Tenants, TenantFile.Home, user.PublicKey);
        // The version comes last, and whole or not at all: with it, the rest is there.
        File.WriteAllText(Aside(layout), CurrentVersion + "\n");
        File.Move(Aside(layout), layout.Version);
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
        if (!Directory.Exists(layout.Keys))
            throw new FaultException(new Fault.Damaged($"The data folder {layout.Root} has no keys: restore the folder from a backup, or name another with --data."));
    }
}
