using System.Text;
using Allotrope.Wasi.Filesystem;

namespace Allotrope.Wasi.Preview1;

/// <summary>Paths in directories.</summary>
public sealed partial class Preview1Host
{
    void AddPaths(HostFunctions functions)
    {
        functions.Add("path_create_directory", (GuestMemory memory, int folder, int path, int length) =>
            Done(_files.Folder(folder, Rights.PathCreateDirectory).CreateDirectoryAt(memory.Path(path, length))));
        functions.Add("path_remove_directory", (GuestMemory memory, int folder, int path, int length) =>
            Done(_files.Folder(folder, Rights.PathRemoveDirectory).RemoveDirectoryAt(memory.Path(path, length))));
        functions.Add("path_unlink_file", (GuestMemory memory, int folder, int path, int length) =>
            Done(_files.Folder(folder, Rights.PathUnlinkFile).UnlinkFileAt(memory.Path(path, length))));
        functions.Add("path_filestat_get", (GuestMemory memory, int folder, int flags, int path, int length, int result) =>
            WriteStat(memory, result, _files.Folder(folder, Rights.PathStat).StatPath(Follow(flags), memory.Path(path, length))));
        functions.Add("path_filestat_set_times", (GuestMemory memory, int folder, int flags, int path, int length, long access, long modification, int which) =>
            Done(_files.Folder(folder, Rights.PathSetTimes).SetTimesAt(Follow(flags), memory.Path(path, length), NewTime(access, which), NewTime(modification, which >> 2))));
        functions.Add("path_link", (GuestMemory memory, int oldFolder, int flags, int oldPath, int oldLength, int newFolder, int newPath, int newLength) =>
            Done(_files.Folder(oldFolder, Rights.PathLinkSource).LinkAt(
                Follow(flags), memory.Path(oldPath, oldLength), _files.Folder(newFolder, Rights.PathLinkTarget), memory.Path(newPath, newLength))));
        functions.Add("path_rename", (GuestMemory memory, int oldFolder, int oldPath, int oldLength, int newFolder, int newPath, int newLength) =>
            Done(_files.Folder(oldFolder, Rights.PathRenameSource).RenameAt(
                memory.Path(oldPath, oldLength), _files.Folder(newFolder, Rights.PathRenameTarget), memory.Path(newPath, newLength))));
        functions.Add("path_symlink", (GuestMemory memory, int oldPath, int oldLength, int folder, int newPath, int newLength) =>
            Done(_files.Folder(folder, Rights.PathSymlink).SymlinkAt(memory.Path(oldPath, oldLength), memory.Path(newPath, newLength))));
        functions.Add("path_readlink", ReadLink);
        functions.Add("path_open", Open);
    }

    static PathFlags Follow(int flags) => flags is 0 or 1 ? (PathFlags)flags : throw new Refusal(ErrorNumber.Invalid);

    ErrorNumber ReadLink(GuestMemory memory, int folder, int path, int pathLength, int buffer, int length, int result)
    {
        var target = _files.Folder(folder, Rights.PathReadLink).ReadlinkAt(memory.Path(path, pathLength));
        if (!target.IsOk)
            return target.Error.Number;
        var bytes = Encoding.UTF8.GetBytes(target.Value);
        var room = memory.Span(buffer, length);
        memory.WriteInt32(result, (uint)Math.Min(bytes.Length, room.Length)); // cut without a word, as readlink does
        bytes.AsSpan(0, Math.Min(bytes.Length, room.Length)).CopyTo(room);
        return ErrorNumber.Success;
    }

    ErrorNumber Open(GuestMemory memory, int folder, int lookup, int path, int length, int open, long rights, long inheriting, int flags, int result)
    {
        const int known = GuestFile.Append | GuestFile.DataSync | GuestFile.NonBlocking | GuestFile.ReadSync | GuestFile.Sync;
        var (wanted, passed, how) = ((Rights)rights & Rights.All, (Rights)inheriting & Rights.All, (OpenFlags)(open & 0xf));
        var parent = _files.Folder(folder, Needed(how));
        if (((wanted | passed) & ~_files[folder].Inheriting) != Rights.None)
            return ErrorNumber.NotCapable;
        if ((flags & ~known) != 0 || (open & ~0xf) != 0)
            return ErrorNumber.Invalid;
        memory.WriteInt32(result, 0);
        var opened = parent.Open(Follow(lookup), memory.Path(path, length), how, Wanted(wanted, how, flags));
        if (!opened.IsOk)
            return opened.Error.Number;
        var isDirectory = opened.Value.Type == DescriptorType.Directory;
        var number = _files.Add(new()
        {
            Descriptor = opened.Value,
            Rights = wanted & (isDirectory ? Rights.Directory : Rights.File),
            Inheriting = isDirectory ? passed : Rights.None,
            Flags = flags,
        });
        memory.WriteInt32(result, (uint)number);
        return ErrorNumber.Success;
    }

    static Rights Needed(OpenFlags how)
    {
        var needed = Rights.PathOpen;
        if (how.HasFlag(OpenFlags.Create))
            needed |= Rights.PathCreateFile;
        if (how.HasFlag(OpenFlags.Truncate))
            needed |= Rights.PathSetSize;
        return needed;
    }

    /// <summary>What must be asked of the system for rights to mean something. A directory that is to be written is the mistake that it is anywhere.</summary>
    static DescriptorFlags Wanted(Rights rights, OpenFlags how, int flags)
    {
        var wanted = DescriptorFlags.None;
        if ((rights & (Rights.FdRead | Rights.FdReadDirectory)) != Rights.None)
            wanted |= DescriptorFlags.Read;
        var writing = how.HasFlag(OpenFlags.Directory) ? Rights.FdWrite : Rights.FdWrite | Rights.FdAllocate | Rights.FdSetSize;
        if ((rights & writing) != Rights.None)
            wanted |= DescriptorFlags.Write;
        if ((flags & GuestFile.DataSync) != 0)
            wanted |= DescriptorFlags.DataIntegritySync;
        if ((flags & GuestFile.Sync) != 0)
            wanted |= DescriptorFlags.FileIntegritySync;
        if ((flags & GuestFile.ReadSync) != 0)
            wanted |= DescriptorFlags.RequestedWriteSync;
        return wanted;
    }
}
