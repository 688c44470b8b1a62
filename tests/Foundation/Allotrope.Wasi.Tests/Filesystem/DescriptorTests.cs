using System.Text;
using Allotrope.Components;
using Allotrope.Wasi.Clocks;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Tests.Filesystem;

public sealed class DescriptorTests : IDisposable
{
    const DescriptorFlags Both = DescriptorFlags.Read | DescriptorFlags.Write;

    readonly Sandbox _world = new();

    public void Dispose() => _world.Dispose();

    static string Text(Result<(ReadOnlyMemory<byte>, bool), ErrorCode> read) => Encoding.UTF8.GetString(read.Value.Item1.Span);

    [Fact]
    public void A_file_is_read_and_written_at_places()
    {
        using var file = _world.Open("file", Both);

        Assert.Equal("tents", Text(file.Read(100, 3)));
        Assert.Equal(3ul, file.Write("CON"u8.ToArray(), 0).Value);
        Assert.Equal("CONtents", Text(file.Read(100, 0)));
        Assert.Equal((0, true), (file.Read(1, 8).Value.Item1.Length, file.Read(1, 8).Value.Item2));
        Assert.False(file.Read(0, 0).Value.Item2);
    }

    [Fact]
    public void Streams_have_places_of_their_own()
    {
        using var file = _world.Open("file", Both);
        using var from = file.ReadViaStream(2).Value;
        using var at = file.WriteViaStream(4).Value;
        using var end = file.AppendViaStream().Value;

        Assert.True(at.CheckWrite().Value > 0);
        Assert.True(at.Write("TE"u8.ToArray()).IsOk);
        end.CheckWrite();
        Assert.True(end.Write("!"u8.ToArray()).IsOk);
        Assert.True(end.Write("?"u8.ToArray()).IsOk);

        Assert.Equal("ntTEts!?", Encoding.UTF8.GetString(from.Read(100).Value.Span));
        Assert.IsType<StreamError.Closed>(from.Read(1).Error);
    }

    [Fact]
    public void What_was_not_opened_for_writing_is_not_written()
    {
        using var file = _world.Open("file");

        Assert.Equal(ErrorCode.BadDescriptor, file.Write(new byte[1], 0).Error);
        Assert.Equal(ErrorCode.BadDescriptor, file.SetSize(0).Error);
        Assert.Equal(ErrorCode.BadDescriptor, file.WriteViaStream(0).Error);
        Assert.Equal(ErrorCode.BadDescriptor, file.AppendViaStream().Error);
        Assert.Equal(ErrorCode.BadDescriptor, _world.Open("file", DescriptorFlags.Write).Read(1, 0).Error);
    }

    [Fact]
    public void A_directory_is_no_file_and_a_file_no_directory()
    {
        using var file = _world.Open("file", Both);

        Assert.Equal(ErrorCode.BadDescriptor, _world.Root.Read(1, 0).Error);
        Assert.Equal(ErrorCode.BadDescriptor, _world.Root.SetSize(0).Error);
        Assert.Equal(ErrorCode.NotDirectory, file.ReadDirectory().Error);
        Assert.Equal(ErrorCode.NotDirectory, file.StatAt(PathFlags.None, "x").Error);
        Assert.Equal(ErrorCode.NotDirectory, file.CreateDirectoryAt("x").Error);
        Assert.Equal(ErrorCode.NotDirectory, _world.Root.OpenAt(PathFlags.None, "file", OpenFlags.Directory, DescriptorFlags.Read).Error);
        Assert.Equal(ErrorCode.IsDirectory, _world.Root.OpenAt(PathFlags.None, "sub", OpenFlags.None, Both).Error);
        Assert.Equal(DescriptorType.Directory, _world.Open("sub").GetType_().Value);
        Assert.Equal(DescriptorType.RegularFile, file.GetType_().Value);
    }

    [Fact]
    public void Opening_creates_truncates_and_excludes()
    {
        var root = _world.Root;

        Assert.Equal(ErrorCode.NoEntry, root.OpenAt(PathFlags.None, "new", OpenFlags.None, Both).Error);
        Assert.True(root.OpenAt(PathFlags.None, "new", OpenFlags.Create | OpenFlags.Exclusive, Both).IsOk);
        Assert.Equal(ErrorCode.Exist, root.OpenAt(PathFlags.None, "new", OpenFlags.Create | OpenFlags.Exclusive, Both).Error);
        Assert.Equal(ErrorCode.Invalid, root.OpenAt(PathFlags.None, "dir", OpenFlags.Create | OpenFlags.Directory, DescriptorFlags.Read).Error);
        Assert.Equal(8ul, root.StatAt(PathFlags.None, "file").Value.Size);
        Assert.True(root.OpenAt(PathFlags.None, "file", OpenFlags.Truncate, Both).IsOk);
        Assert.Equal(0ul, root.StatAt(PathFlags.None, "file").Value.Size);
    }

    [Fact]
    public void A_stat_says_what_it_is()
    {
        _world.Root.LinkAt(PathFlags.None, "file", _world.Root, "twin");
        _world.Link("link", "file");

        var stat = _world.Root.StatAt(PathFlags.None, "file").Value;
        Assert.Equal((DescriptorType.RegularFile, 2ul, 8ul), (stat.Type, stat.LinkCount, stat.Size));
        Assert.Equal(DescriptorType.SymbolicLink, _world.Root.StatAt(PathFlags.None, "link").Value.Type);
        Assert.Equal(DescriptorType.RegularFile, _world.Root.StatAt(PathFlags.SymlinkFollow, "link").Value.Type);
    }

    [Fact]
    public void Two_names_of_a_file_are_the_same_object()
    {
        _world.Root.LinkAt(PathFlags.None, "file", _world.Root, "sub/twin");
        using Descriptor one = _world.Open("file"), other = _world.Open("sub/twin"), inner = _world.Open("sub/inner");

        Assert.True(one.IsSameObject(other));
        Assert.False(one.IsSameObject(inner));
        Assert.Equal(one.MetadataHash().Value, _world.Root.MetadataHashAt(PathFlags.None, "sub/twin").Value);
        Assert.NotEqual(one.MetadataHash().Value, inner.MetadataHash().Value);
    }

    [Fact]
    public void Times_are_set_as_told()
    {
        var when = new Datetime(1_000_000_000, 7);
        using var file = _world.Open("file", Both);
        _world.Link("link", "file");
        var now = (ulong)_world.Time.GetUtcNow().ToUnixTimeSeconds();

        Assert.True(file.SetTimes(new NewTimestamp.Timestamp(when), new NewTimestamp.Now()).IsOk);
        Assert.Equal((when, new Datetime(now, 0)), (file.Stat().Value.DataAccessTimestamp, file.Stat().Value.DataModificationTimestamp));
        Assert.True(file.SetTimes(new NewTimestamp.NoChange(), new NewTimestamp.Timestamp(when)).IsOk);
        Assert.Equal(when, file.Stat().Value.DataModificationTimestamp);
        Assert.True(_world.Root.SetTimesAt(PathFlags.None, "link", new NewTimestamp.NoChange(), new NewTimestamp.Timestamp(new(5, 0))).IsOk);
        Assert.Equal(when, file.Stat().Value.DataModificationTimestamp);
        Assert.Equal(new Datetime(5, 0), _world.Root.StatAt(PathFlags.None, "link").Value.DataModificationTimestamp);
        Assert.Equal(ErrorCode.Invalid, file.SetTimes(new NewTimestamp.Timestamp(new(1, 1_000_000_000)), new NewTimestamp.NoChange()).Error);
        Assert.Equal(ErrorCode.Overflow, file.SetTimes(new NewTimestamp.Timestamp(new(ulong.MaxValue, 0)), new NewTimestamp.NoChange()).Error);
    }

    [Fact]
    public void Sizes_places_and_lengths_beyond_what_is_possible_are_refused()
    {
        using var file = _world.Open("file", Both);

        Assert.Equal(ErrorCode.Invalid, file.Read(1, ulong.MaxValue).Error);
        Assert.Equal(ErrorCode.Invalid, file.Write(new byte[1], ulong.MaxValue).Error);
        Assert.Equal(ErrorCode.Invalid, file.SetSize(ulong.MaxValue).Error);
        Assert.Equal(ErrorCode.Invalid, file.Advise(ulong.MaxValue, 1, Advice.Normal).Error);
        Assert.True(file.Advise(0, 0, Advice.WillNeed).IsOk);
        Assert.Equal("contents", Text(file.Read(ulong.MaxValue, 0)));
        Assert.True(file.SetSize(3).IsOk);
        Assert.Equal("con", Text(file.Read(10, 0)));
        Assert.True(file.Sync().IsOk && file.SyncData().IsOk);
    }

    [Fact]
    public void No_more_files_are_open_than_the_limit_says_and_all_are_closed_at_the_end()
    {
        using var world = new Sandbox(descriptors: 3);
        var first = world.Open("file");
        world.Open("file");
        using var stream = first.ReadViaStream(0).Value;

        Assert.Equal(ErrorCode.InsufficientMemory, world.Root.OpenAt(PathFlags.None, "file", OpenFlags.None, DescriptorFlags.Read).Error);
        Assert.Equal(ErrorCode.InsufficientMemory, first.ReadViaStream(0).Error);
        Assert.Equal(ErrorCode.InsufficientMemory, world.Root.ReadDirectory().Error);
        stream.Dispose();
        Assert.True(world.Root.OpenAt(PathFlags.None, "file", OpenFlags.None, DescriptorFlags.Read).IsOk);

        world.Table.Dispose();

        Assert.Equal(0, world.Table.Open);
        Assert.True(first.File.IsClosed && world.Root.File.IsClosed);
    }
}
