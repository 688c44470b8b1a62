using System.Buffers.Binary;
using System.Text;
using Allotrope.Wasi.Preview1;

namespace Allotrope.Wasi.Tests.Preview1;

public sealed class ReadDirectoryTests : IDisposable
{
    readonly Calls _guest = new();

    public void Dispose() => _guest.Dispose();

    /// <summary>The whole entries of one call, and whether there was room for more.</summary>
    (List<(string Name, byte Type, long Next)> Entries, bool IsEnd) Read(int folder, long cookie, int size)
    {
        Assert.Equal(ErrorNumber.Success, _guest["fd_readdir", folder, Calls.Buffer, size, cookie, Calls.Result]);
        var used = (int)_guest.UInt32();
        var bytes = _guest.Memory.Slice(Calls.Buffer, used);
        var entries = new List<(string, byte, long)>();
        while (bytes.Length >= 24)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
            if (bytes.Length < 24 + length)
                break;
            entries.Add((Encoding.UTF8.GetString(bytes.Slice(24, length)), bytes[20], BinaryPrimitives.ReadInt64LittleEndian(bytes)));
            bytes = bytes[(24 + length)..];
        }

        return (entries, used < size);
    }

    [Fact]
    public void A_directory_is_listed_with_its_dots()
    {
        var (entries, isEnd) = Read(Calls.Root, 0, 4096);

        Assert.True(isEnd);
        Assert.Equal([(".", 3), ("..", 3), ("file", 4), ("sub", 3)], entries.Select(entry => (entry.Name, (int)entry.Type)).Order());
        Assert.Equal((0, true), (Read(Calls.Root, entries[^1].Next, 4096) is var (rest, end) ? (rest.Count, end) : default));
        Assert.Equal(4, Read(Calls.Root, 0, 4096).Entries.Count);
    }

    [Fact]
    public void Entries_have_the_numbers_that_a_look_at_the_file_gives()
    {
        Assert.Equal(ErrorNumber.Success, _guest["fd_readdir", Calls.Root, Calls.Buffer, 4096, 0, Calls.Result]);
        var bytes = _guest.Memory.Slice(Calls.Buffer, (int)_guest.UInt32()).ToArray().AsSpan();
        var seen = 0;
        for (; bytes.Length > 0; seen++)
        {
            var name = Encoding.UTF8.GetString(bytes.Slice(24, BinaryPrimitives.ReadInt32LittleEndian(bytes[16..])));
            if (name != "..")
                Assert.Equal(_guest.Stat(name).Inode, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            bytes = bytes[(24 + name.Length)..];
        }
        Assert.Equal(4, seen);
    }

    [Fact]
    public void What_was_cut_is_read_again_from_the_cookie_before_it()
    {
        for (var i = 0; i < 500; i++)
            File.WriteAllText(_guest.Host($"entry {i}"), "");
        var names = new List<string>();
        long cookie = 0;
        while (true)
        {
            var (entries, isEnd) = Read(Calls.Root, cookie, 100);
            names.AddRange(entries.Select(entry => entry.Name));
            if (isEnd)
                break;
            cookie = entries[^1].Next;
        }

        Assert.Equal(504, names.Count);
        Assert.Equal(504, names.Distinct().Count());
    }

    [Fact]
    public void Any_cookie_is_a_place_to_go_on()
    {
        var (all, _) = Read(Calls.Root, 0, 4096);

        Assert.Equal(all.Skip(2), Read(Calls.Root, all[1].Next, 4096).Entries);
        Assert.Equal(all.Skip(1), Read(Calls.Root, all[0].Next, 4096).Entries);
    }

    [Fact]
    public void A_directory_that_is_being_read_is_closed_with_the_guest()
    {
        Read(Calls.Root, 0, 4096);
        Assert.Equal(2, _guest.State.OpenFiles);

        _guest.State.Dispose();
        Assert.Equal(0, _guest.State.OpenFiles);
    }

    [Fact]
    public void A_buffer_outside_of_memory_is_a_fault()
    {
        Assert.Equal(ErrorNumber.Fault, _guest["fd_readdir", Calls.Root, 131_072 - 10, 11, 0, Calls.Result]);
        Assert.Equal(ErrorNumber.Success, _guest["fd_readdir", Calls.Root, Calls.Buffer, 0, 0, Calls.Result]);
        Assert.Equal(0u, _guest.UInt32());
    }
}
