using Allotrope.Components;
using Allotrope.Wasi.Filesystem;

namespace Allotrope.Wasi.Tests.Filesystem;

public sealed class DirectoryTests : IDisposable
{
    readonly Sandbox _world = new();

    public void Dispose() => _world.Dispose();

    static List<DirectoryEntry> Entries(Descriptor folder)
    {
        using var stream = folder.ReadDirectory().Value;
        var entries = new List<DirectoryEntry>();
        while (stream.ReadDirectoryEntry().Value is { } entry)
            entries.Add(entry);
        return [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    [Fact]
    public void A_directory_lists_all_but_its_dots()
    {
        _world.Link("link", "nowhere");

        Assert.Equal(
            [new(DescriptorType.RegularFile, "file"), new(DescriptorType.SymbolicLink, "link"), new(DescriptorType.Directory, "sub")],
            Entries(_world.Root));
    }

    [Fact]
    public void A_directory_of_thousands_is_listed_completely()
    {
        for (var i = 0; i < 3000; i++)
            File.WriteAllText(_world.Host($"sub/entry with a rather long name {i}"), "");

        Assert.Equal(3001, Entries(_world.Open("sub")).Count);
    }

    [Fact]
    public void A_guest_that_asks_for_its_directories_without_end_opens_no_more_than_it_may()
    {
        using var state = new WasiState { Preopens = [new(_world.Host(""), "/")], Limits = new() { Descriptors = 2 } };

        for (var i = 0; i < 10; i++)
            state.Filesystem.GetDirectories()[0].Item1.Dispose();
        var root = state.Filesystem.GetDirectories()[0].Item1;
        Assert.True(root.OpenAt(PathFlags.None, "file", OpenFlags.None, DescriptorFlags.Read).IsOk);
        Assert.True(root.OpenAt(PathFlags.None, "file", OpenFlags.None, DescriptorFlags.Read).IsOk);
        Assert.Equal(ErrorCode.InsufficientMemory, root.OpenAt(PathFlags.None, "file", OpenFlags.None, DescriptorFlags.Read).Error);
        Assert.Throws<ComponentTrap>(state.Filesystem.GetDirectories);
        Assert.Equal(3, state.OpenFiles);
    }

    [Fact]
    public void Directories_are_made_and_removed()
    {
        var root = _world.Root;

        Assert.True(root.CreateDirectoryAt("made/").IsOk);
        Assert.Equal(ErrorCode.Exist, root.CreateDirectoryAt("made").Error);
        Assert.Equal(ErrorCode.Exist, root.CreateDirectoryAt(".").Error);
        Assert.Equal(ErrorCode.NoEntry, root.CreateDirectoryAt("no/made").Error);
        Assert.Equal(ErrorCode.IsDirectory, root.UnlinkFileAt("made").Error);
        Assert.Equal(ErrorCode.NotDirectory, root.RemoveDirectoryAt("file").Error);
        Assert.Equal(ErrorCode.NotEmpty, root.RemoveDirectoryAt("sub").Error);
        Assert.Equal(ErrorCode.Invalid, root.RemoveDirectoryAt("sub/.").Error);
        Assert.True(root.RemoveDirectoryAt("made/").IsOk);
        Assert.Equal(ErrorCode.NoEntry, root.RemoveDirectoryAt("made").Error);
    }

    [Fact]
    public void Files_are_renamed_and_replaced()
    {
        var root = _world.Root;
        File.WriteAllText(_world.Host("old"), "old");

        Assert.True(root.RenameAt("file", root, "old").IsOk);
        Assert.Equal("contents", File.ReadAllText(_world.Host("old")));
        Assert.Equal(ErrorCode.NoEntry, root.RenameAt("file", root, "x").Error);
        Assert.Equal(ErrorCode.IsDirectory, root.RenameAt("old", root, "sub").Error);
        Assert.Equal(ErrorCode.NotDirectory, root.RenameAt("sub", root, "old").Error);
        Assert.Equal(ErrorCode.Invalid, root.RenameAt("sub", root, "sub/within").Error);
        Assert.Equal(ErrorCode.Busy, root.RenameAt("sub/..", root, "x").Error);
    }

    [Fact]
    public void Files_move_between_directories_that_are_granted()
    {
        var other = _world.Table.Preopen(new(_world.Outside("other"), "/other"));
        var looking = _world.Table.Preopen(new(_world.Outside("other"), "/look") { IsReadOnly = true });

        Assert.True(_world.Root.RenameAt("file", other, "moved").IsOk);
        Assert.Equal("contents", File.ReadAllText(_world.Outside("other/moved")));
        Assert.Equal(ErrorCode.ReadOnly, looking.RenameAt("moved", _world.Root, "back").Error);
        Assert.Equal(ErrorCode.ReadOnly, _world.Root.RenameAt("sub", looking, "sub").Error);
        Assert.Equal(ErrorCode.ReadOnly, _world.Root.LinkAt(PathFlags.None, "sub/inner", looking, "inner").Error);
    }

    [Fact]
    public void Links_are_made_read_and_counted()
    {
        var root = _world.Root;

        Assert.True(root.SymlinkAt("sub/../file", "link").IsOk);
        Assert.Equal("sub/../file", root.ReadlinkAt("link").Value);
        Assert.Equal(ErrorCode.Exist, root.SymlinkAt("file", "link").Error);
        Assert.Equal(ErrorCode.Invalid, root.ReadlinkAt("file").Error);
        Assert.Equal(ErrorCode.NoEntry, root.ReadlinkAt("nothing").Error);
        Assert.Equal(ErrorCode.Invalid, root.LinkAt(PathFlags.SymlinkFollow, "link", root, "hard").Error);
        Assert.Equal(ErrorCode.NotPermitted, root.LinkAt(PathFlags.None, "sub", root, "hard").Error);
        Assert.True(root.LinkAt(PathFlags.None, "link", root, "hard").IsOk);
        Assert.Equal(DescriptorType.SymbolicLink, root.StatAt(PathFlags.None, "hard").Value.Type);
        Assert.True(root.UnlinkFileAt("link").IsOk);
        Assert.True(File.Exists(_world.Host("file")));
    }

    [Fact]
    public void What_is_granted_for_reading_is_not_changed_in_any_way()
    {
        using var world = new Sandbox(isReadOnly: true);
        var root = world.Root;
        using var sub = world.Open("sub");
        NewTimestamp now = new NewTimestamp.Now();

        Assert.Equal(DescriptorFlags.Read, root.GetFlags().Value);
        Assert.True(root.OpenAt(PathFlags.None, "file", OpenFlags.None, DescriptorFlags.Read).IsOk);
        ErrorCode[] answers =
        [
            root.OpenAt(PathFlags.None, "file", OpenFlags.None, DescriptorFlags.Write).Error,
            root.OpenAt(PathFlags.None, "file", OpenFlags.Truncate, DescriptorFlags.Read).Error,
            root.OpenAt(PathFlags.None, "new", OpenFlags.Create, DescriptorFlags.Read).Error,
            root.OpenAt(PathFlags.None, "sub", OpenFlags.Directory, DescriptorFlags.Read | DescriptorFlags.MutateDirectory).Error,
            root.CreateDirectoryAt("new").Error,
            root.RemoveDirectoryAt("sub").Error,
            root.UnlinkFileAt("file").Error,
            root.SymlinkAt("file", "link").Error,
            root.LinkAt(PathFlags.None, "file", root, "hard").Error,
            root.RenameAt("file", root, "new").Error,
            root.SetTimes(now, now).Error,
            root.SetTimesAt(PathFlags.None, "file", now, now).Error,
            sub.CreateDirectoryAt("new").Error,
            sub.UnlinkFileAt("inner").Error,
            sub.OpenAt(PathFlags.None, "inner", OpenFlags.None, DescriptorFlags.Write).Error,
        ];
        Assert.All(answers, answer => Assert.Equal(ErrorCode.ReadOnly, answer));
        Assert.Equal(ErrorCode.NotPermitted, world.Open("file").SetTimes(now, now).Error);
    }
}
