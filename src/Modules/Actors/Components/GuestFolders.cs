using System.Collections.Concurrent;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasi.Filesystem;

namespace Allotrope.Actors;

/// <summary>
/// Where the components of this node keep files: a directory for each folder of a workload, the same for all its instances and revisions. It stays when the
/// workload goes, as the data of other stores does.
/// </summary>
/// <param name="root">In which they lie; the owner's only. Null: this node keeps no files.</param>
sealed class GuestFolders(string? root)
{
    readonly ConcurrentDictionary<string, Lazy<DiskRoom>> _rooms = new();

    /// <summary>The folders of an assignment as its guests have them, made where they are not there.</summary>
    /// <exception cref="FaultException">One cannot be used.</exception>
    public IReadOnlyList<Preopen> Open(Assignment assignment) => [.. assignment.Folders.Select(folder => Open(assignment.Workload, folder))];

    Preopen Open(string workload, Folder folder)
    {
        if (root is null)
            throw new FaultException(new Fault.Refused($"Component {workload} cannot start: this node keeps no files, and it has the folder {folder.Path}."));
        var path = Path.Combine(root, workload, Uri.EscapeDataString(folder.Path == "/" ? folder.Path : folder.Path[1..]));
        var most = (long)folder.Mebibytes << 20;
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var room = _rooms.GetOrAdd(path, static (path, most) => new(() => new DiskRoom(path, most)), most).Value;
            room.Most = most;
            return new(path, folder.Path) { Room = room };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _rooms.TryRemove(path, out _); // looked at again the next time
            throw new FaultException(new Fault.Damaged($"Component {workload} cannot start: its folder {folder.Path} cannot be used: {error.Message}"), error);
        }
    }
}
