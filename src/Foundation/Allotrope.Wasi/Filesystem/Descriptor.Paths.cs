using System.Runtime.InteropServices;
using System.Text;
using Allotrope.Components;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>What is in a directory. No path leads out of it.</summary>
sealed partial class Descriptor
{
    const int MostOfLink = 4096;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Result<DescriptorStat, ErrorCode> StatAt(PathFlags pathFlags, string path) => StatPath(pathFlags, path).Map(stat => stat.ToDescriptorStat());

    public Result<MetadataHashValue, ErrorCode> MetadataHashAt(PathFlags pathFlags, string path) => StatPath(pathFlags, path).Map(Hash);

    public Result<Unit, ErrorCode> SetTimesAt(PathFlags pathFlags, string path, NewTimestamp dataAccessTimestamp, NewTimestamp dataModificationTimestamp)
    {
        if (ChangeRefusal() is { } refusal)
            return refusal;
        var times = Times(dataAccessTimestamp, dataModificationTimestamp);
        if (!times.IsOk)
            return times.Error;
        if (pathFlags.HasFlag(PathFlags.SymlinkFollow) || path.EndsWith('/'))
            return At(PathFlags.SymlinkFollow, path, file => SetTimes(file, times.Value));
        return In(path, place => place.IsDots
            ? SetTimes(place.Folder, times.Value)
            : Done(LibC.SetTimes(place.Folder, place.Name, times.Value, LibC.SymlinkNoFollow)));
    }

    public Result<Unit, ErrorCode> CreateDirectoryAt(string path) =>
        In(path, ErrorCode.Exist, place => Name(() => LibC.MakeDirectory(place.Folder, place.Written, 0x1ff)));

    public Result<Unit, ErrorCode> RemoveDirectoryAt(string path) =>
        In(path, ErrorCode.Invalid, place => Unname(place, () => LibC.Unlink(place.Folder, place.Written, LibC.RemoveDirectory)));

    public Result<Unit, ErrorCode> UnlinkFileAt(string path) =>
        In(path, ErrorCode.IsDirectory, place => Unname(place, () => LibC.Unlink(place.Folder, place.Written, 0)));

    public Result<Unit, ErrorCode> SymlinkAt(string oldPath, string newPath)
    {
        if (GuestPath.Refusal(oldPath) is { } refusal)
            return refusal;
        return In(newPath, ErrorCode.Exist, place => Name(() => LibC.Symlink(oldPath, place.Folder, place.Written)));
    }

    public Result<Unit, ErrorCode> RenameAt(string oldPath, IDescriptor newDescriptor, string newPath) => newDescriptor is Descriptor target && target.Room == Room
        ? In(oldPath, ErrorCode.Busy, from => target.In(newPath, ErrorCode.Busy, to => Rename(from, to)))
        : ErrorCode.CrossDevice;

    public Result<Unit, ErrorCode> LinkAt(PathFlags oldPathFlags, string oldPath, IDescriptor newDescriptor, string newPath)
    {
        if (newDescriptor is not Descriptor target || target.Room != Room)
            return ErrorCode.CrossDevice;
        if (oldPathFlags != PathFlags.None)
            return ErrorCode.Invalid; // Linux would follow the link by a name of its own, outside
        return In(oldPath, ErrorCode.NotPermitted, from =>
        {
            // A slash would make the kernel follow a link at the end, out of here.
            if (from.MustBeDirectory)
                return StatPath(PathFlags.SymlinkFollow, oldPath) is { IsOk: false, Error: var error } ? error : ErrorCode.NotPermitted;
            return target.In(newPath, ErrorCode.Exist, to => Name(() => LibC.Link(from.Folder, from.Name, to.Folder, to.Written, 0)));
        });
    }

    public Result<string, ErrorCode> ReadlinkAt(string path) => ReadLink(path) switch
    {
        { IsOk: false, Error: var error } => Result<string, ErrorCode>.Fail(error),
        { Value: [(byte)'/', ..] } => Result<string, ErrorCode>.Fail(ErrorCode.NotPermitted), // would tell where things are on the host
        { Value: var target } => Text(target) is { } text ? Result<string, ErrorCode>.Ok(text) : Result<string, ErrorCode>.Fail(ErrorCode.IllegalByteSequence),
    };

    public Result<IDirectoryEntryStream, ErrorCode> ReadDirectory() =>
        OpenEntries().Map(entries => (IDirectoryEntryStream)new DirectoryEntryStream(entries));

    /// <summary>All that is in the directory, from the beginning.</summary>
    internal Result<DirectoryEntries, ErrorCode> OpenEntries()
    {
        if (Type != DescriptorType.Directory)
            return ErrorCode.NotDirectory;
        if ((_flags & DescriptorFlags.Read) == DescriptorFlags.None)
            return ErrorCode.BadDescriptor;
        if (_table.IsFull)
            return ErrorCode.InsufficientMemory;
        if (Room is not { } room)
            return OpenAgain();
        using var turn = room.Enter();
        return OpenAgain();
    }

    internal Result<FileStat, ErrorCode> StatPath(PathFlags flags, string path) => At(flags, path, file => StatOf(file, "", LibC.EmptyPath));

    /// <summary>Because the place where one reads belongs to what was opened.</summary>
    Result<DirectoryEntries, ErrorCode> OpenAgain()
    {
        var again = Beneath.Open(File, ".", OpenMode.ReadOnly | OpenMode.Directory, _stepwise);
        return again.IsOk && StatOf(again.Value, "", LibC.EmptyPath) is { IsOk: true, Value: var stat }
            ? new DirectoryEntries(_table, new OpenFile(again.Value, Room, stat))
            : Result<DirectoryEntries, ErrorCode>.Fail(again.IsOk ? ErrorCode.Io : again.Error);
    }

    static string? Text(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    Result<byte[], ErrorCode> ReadLink(string path) => At(PathFlags.None, path, file =>
    {
        Span<byte> target = stackalloc byte[MostOfLink];
        var length = LibC.ReadLink(file, "", target, MostOfLink);
        if (length >= 0)
            return target[..(int)length].ToArray();
        // What is no link: readlinkat calls that ENOENT when it is given no name.
        return Marshal.GetLastPInvokeError() is Errno.NoEntry or Errno.Invalid ? ErrorCode.Invalid : Result<byte[], ErrorCode>.Fail(ErrorCode.Io);
    });

    /// <summary>Does something with what a path names, itself or, by the flags, what a link at its end leads to.</summary>
    Result<T, ErrorCode> At<T>(PathFlags flags, string path, Func<SafeFileHandle, Result<T, ErrorCode>> use)
    {
        if (Type != DescriptorType.Directory)
            return Result<T, ErrorCode>.Fail(ErrorCode.NotDirectory);
        var follow = (flags & PathFlags.SymlinkFollow) != PathFlags.None;
        var found = Beneath.Open(File, path, OpenMode.PathOnly | (follow ? 0 : OpenMode.NoFollow), _stepwise);
        if (!found.IsOk)
            return Result<T, ErrorCode>.Fail(found.Error);
        using var file = found.Value;
        return use(file);
    }

    /// <summary>Of a file that is only open as a path; utimensat has no other way to say so on all kernels.</summary>
    static Result<Unit, ErrorCode> SetTimes(SafeFileHandle file, TimeSpec[] times) =>
        Done(LibC.SetTimes(file, $"/proc/self/fd/{file.DangerousGetHandle()}", times, 0));

    /// <param name="path">Where.</param>
    /// <param name="dots">What is wrong about a path that ends in dots.</param>
    /// <param name="change">Given the directory and the last name.</param>
    Result<Unit, ErrorCode> In(string path, ErrorCode dots, Func<Place, Result<Unit, ErrorCode>> change) =>
        In(path, place => place.IsDots ? dots : change(place));

    /// <summary>Changes something in the directory of a path.</summary>
    Result<Unit, ErrorCode> In(string path, Func<Place, Result<Unit, ErrorCode>> change)
    {
        if (Type != DescriptorType.Directory)
            return ErrorCode.NotDirectory;
        var found = Place.Find(File, path, _stepwise);
        if (!found.IsOk)
            return found.Error;
        using var place = found.Value;
        return ChangeRefusal() is { } refusal ? refusal : change(place);
    }

    /// <summary>Does what makes a name.</summary>
    Result<Unit, ErrorCode> Name(Func<int> make)
    {
        if (Room is not { } room)
            return Done(make());
        using var turn = room.Enter();
        if (!room.Has(DiskRoom.PerName))
            return ErrorCode.InsufficientSpace;
        var done = Done(make());
        if (done.IsOk)
            room.Take(DiskRoom.PerName);
        return done;
    }

    /// <summary>Does what takes the name at a place away.</summary>
    Result<Unit, ErrorCode> Unname(Place place, Func<int> remove)
    {
        if (Room is not { } room)
            return Done(remove());
        using var turn = room.Enter();
        var had = StatOf(place.Folder, place.Name, LibC.SymlinkNoFollow);
        var done = Done(remove());
        if (!done.IsOk || !had.IsOk)
            return done;
        room.Unnamed(had.Value);
        Left(room, place);
        return done;
    }

    Result<Unit, ErrorCode> Rename(Place from, Place to)
    {
        if (Room is not { } room)
            return Done(LibC.Rename(from.Folder, from.Written, to.Folder, to.Written));
        using var turn = room.Enter();
        Result<FileStat, ErrorCode> moved = StatOf(from.Folder, from.Name, LibC.SymlinkNoFollow), replaced = StatOf(to.Folder, to.Name, LibC.SymlinkNoFollow);
        var done = Done(LibC.Rename(from.Folder, from.Written, to.Folder, to.Written));
        if (!done.IsOk || (replaced.IsOk && moved.Value.Inode == replaced.Value.Inode)) // two names of one file both stay
            return done;
        if (replaced.IsOk)
            room.Unnamed(replaced.Value);
        Left(room, from);
        return done;
    }

    static void Left(DiskRoom room, Place place)
    {
        if (StatOf(place.Folder, "", LibC.EmptyPath) is { IsOk: true, Value: var folder })
            room.Left(folder);
    }

    ErrorCode? ChangeRefusal() => Type != DescriptorType.Directory ? ErrorCode.NotDirectory : MayChange ? null : ErrorCode.ReadOnly;
}
