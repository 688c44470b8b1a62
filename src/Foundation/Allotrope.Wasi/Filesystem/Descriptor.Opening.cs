using Allotrope.Components;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>Opens files in a directory.</summary>
sealed partial class Descriptor
{
    public Result<IDescriptor, ErrorCode> OpenAt(PathFlags pathFlags, string path, OpenFlags openFlags, DescriptorFlags flags) =>
        Open(pathFlags, path, openFlags, flags).Map(opened => (IDescriptor)opened);

    internal Result<Descriptor, ErrorCode> Open(PathFlags pathFlags, string path, OpenFlags openFlags, DescriptorFlags flags)
    {
        if (OpenRefusal(openFlags, flags) is { } refusal)
            return refusal;
        var mode = Mode(pathFlags, openFlags, flags);
        if (Room is not { } room)
            return Opened(Beneath.Open(File, path, mode, _stepwise), flags);
        using var turn = room.Enter();
        return Opened((mode & (OpenMode.Create | OpenMode.Truncate)) != 0 ? OpenCounted(room, path, mode) : Beneath.Open(File, path, mode, _stepwise), flags);
    }

    /// <summary>Opens what may be made or emptied by that.</summary>
    Result<SafeFileHandle, ErrorCode> OpenCounted(DiskRoom room, string path, int mode)
    {
        FileStat? before = null;
        if (Beneath.Open(File, path, OpenMode.PathOnly | (mode & (OpenMode.NoFollow | OpenMode.Directory)), _stepwise) is { IsOk: true, Value: var there })
        {
            using (there)
                before = StatOf(there, "", LibC.EmptyPath) is { IsOk: true, Value: var stat } ? stat : null;
        }
        else if (!room.Has(DiskRoom.PerName) && (mode & OpenMode.Create) != 0)
        {
            return ErrorCode.InsufficientSpace;
        }

        var opened = Beneath.Open(File, path, mode, _stepwise);
        if (opened.IsOk && before is null)
            room.Take(DiskRoom.PerName);
        else if (opened.IsOk && (mode & OpenMode.Truncate) != 0 && before is { Type: DescriptorType.RegularFile, Size: var size })
            room.Take(-(long)size);
        return opened;
    }

    Result<Descriptor, ErrorCode> Opened(Result<SafeFileHandle, ErrorCode> found, DescriptorFlags flags)
    {
        if (!found.IsOk)
            return found.Error;
        var stat = StatOf(found.Value, "", LibC.EmptyPath);
        if (!stat.IsOk)
        {
            found.Value.Dispose();
            return stat.Error;
        }

        var type = stat.Value.Type;
        // What may be changed within a directory is what may be changed here, whether asked for or not: guests' libraries do not ask.
        flags = type == DescriptorType.Directory ? (flags & ~DescriptorFlags.Write) | (_flags & DescriptorFlags.MutateDirectory) : flags & ~DescriptorFlags.MutateDirectory;
        return new Descriptor(_table, new OpenFile(found.Value, Room, stat.Value), type, flags, _stepwise);
    }

    ErrorCode? OpenRefusal(OpenFlags open, DescriptorFlags flags)
    {
        const OpenFlags changing = OpenFlags.Create | OpenFlags.Truncate;
        if (Type != DescriptorType.Directory)
            return ErrorCode.NotDirectory;
        if (!MayChange && ((open & changing) != OpenFlags.None || (flags & (DescriptorFlags.Write | DescriptorFlags.MutateDirectory)) != DescriptorFlags.None))
            return ErrorCode.ReadOnly;
        if ((open & (OpenFlags.Create | OpenFlags.Directory)) == (OpenFlags.Create | OpenFlags.Directory))
            return ErrorCode.Invalid; // would make a file, or depend on the kernel's version
        return _table.IsFull ? ErrorCode.InsufficientMemory : null;
    }

    static int Mode(PathFlags path, OpenFlags open, DescriptorFlags flags)
    {
        var mode = (flags & (DescriptorFlags.Read | DescriptorFlags.Write)) switch
        {
            DescriptorFlags.Write => OpenMode.WriteOnly,
            DescriptorFlags.Read | DescriptorFlags.Write => OpenMode.ReadWrite,
            _ => OpenMode.ReadOnly,
        };
        if ((path & PathFlags.SymlinkFollow) == PathFlags.None)
            mode |= OpenMode.NoFollow;
        if ((open & OpenFlags.Create) != OpenFlags.None)
            mode |= OpenMode.Create;
        if ((open & OpenFlags.Directory) != OpenFlags.None)
            mode |= OpenMode.Directory;
        if ((open & OpenFlags.Exclusive) != OpenFlags.None)
            mode |= OpenMode.Exclusive;
        if ((open & OpenFlags.Truncate) != OpenFlags.None)
            mode |= OpenMode.Truncate;
        if ((flags & DescriptorFlags.DataIntegritySync) != DescriptorFlags.None)
            mode |= OpenMode.DataSync;
        if ((flags & (DescriptorFlags.FileIntegritySync | DescriptorFlags.RequestedWriteSync)) != DescriptorFlags.None)
            mode |= OpenMode.Sync;
        return mode;
    }
}
