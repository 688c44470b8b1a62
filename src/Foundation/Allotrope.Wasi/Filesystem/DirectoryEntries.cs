using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Allotrope.Components;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>An entry as the kernel has it; the name need not be text.</summary>
/// <param name="Cookie">The place behind it, to <see cref="DirectoryEntries.Seek"/>.</param>
readonly record struct RawEntry(byte[] Name, DescriptorType Type, ulong Inode, long Cookie)
{
    public bool IsDots => Name is [(byte)'.'] or [(byte)'.', (byte)'.'];
}

/// <summary>Reads a directory. Memory is the same for one with millions of entries.</summary>
sealed class DirectoryEntries : IDisposable
{
    readonly FileTable? _table;
    readonly OpenFile? _counted;
    readonly SafeFileHandle _folder;
    readonly byte[] _buffer = new byte[8192];
    int _start, _end;

    /// <param name="folder">Its own.</param>
    public DirectoryEntries(SafeFileHandle folder) => _folder = folder;

    /// <param name="table">Counts and closes it.</param>
    /// <param name="folder">Its own.</param>
    public DirectoryEntries(FileTable table, OpenFile folder)
        : this(folder.Handle)
    {
        (_table, _counted) = (table, folder);
        table.Add(this);
    }

    /// <summary>The next entry; null at the end.</summary>
    public Result<RawEntry?, ErrorCode> Next()
    {
        if (_start == _end)
        {
            var count = LibC.ReadEntries(_folder, _buffer, (nuint)_buffer.Length);
            if (count < 0)
                return Errno.ToErrorCode(Marshal.GetLastPInvokeError());
            if (count == 0)
                return default(RawEntry?);
            (_start, _end) = (0, (int)count);
        }

        // struct linux_dirent64: inode 8, place behind it 8, length 2, type 1, name
        var entry = _buffer.AsSpan(_start, _end - _start);
        _start += BinaryPrimitives.ReadUInt16LittleEndian(entry[16..]);
        var name = entry[19..];
        return new RawEntry(name[..name.IndexOf((byte)0)].ToArray(), TypeOf(entry[18]), BinaryPrimitives.ReadUInt64LittleEndian(entry), BinaryPrimitives.ReadInt64LittleEndian(entry[8..]));
    }

    /// <summary>Goes on behind the entry that had this cookie; 0 is the beginning.</summary>
    public Result<Unit, ErrorCode> Seek(long cookie)
    {
        _start = _end = 0;
        return LibC.Seek(_folder, cookie, 0) >= 0 ? default(Unit) : Errno.ToErrorCode(Marshal.GetLastPInvokeError());
    }

    static DescriptorType TypeOf(byte type) => type switch
    {
        1 => DescriptorType.Fifo,
        2 => DescriptorType.CharacterDevice,
        4 => DescriptorType.Directory,
        6 => DescriptorType.BlockDevice,
        8 => DescriptorType.RegularFile,
        10 => DescriptorType.SymbolicLink,
        12 => DescriptorType.Socket,
        _ => DescriptorType.Unknown,
    };

    public void Dispose()
    {
        _counted?.Dispose();
        _folder.Dispose();
        _table?.Remove(this);
    }
}
