using System.Text;
using Allotrope.Wasi.Filesystem;

namespace Allotrope.Wasi.Tests.Filesystem;

/// <summary>Ways out of a directory that was granted. Each is tried with the kernel's help and without.</summary>
public sealed class EscapeTests : IDisposable
{
    readonly Sandbox _kernel = new(), _stepwise = new(stepwise: true);

    public void Dispose()
    {
        _kernel.Dispose();
        _stepwise.Dispose();
    }

    Sandbox World(bool stepwise) => stepwise ? _stepwise : _kernel;

    public static TheoryData<string, bool> Ways
    {
        get
        {
            string[] ways = ["..", "../", "../secret", "sub/../../secret", "./../secret", "sub/../..", "sub/../../", "../granted/file", "../granted", ".//..//secret",
                "sub/./../.././secret", "/", "/etc/passwd", "//etc/passwd", "up/secret", "up", "up/", "absolute", "deep/secret", "chain", "sneaky", "up/granted/file"];
            var data = new TheoryData<string, bool>();
            foreach (var way in ways)
            {
                data.Add(way, false);
                data.Add(way, true);
            }

            return data;
        }
    }

    static void LayTraps(Sandbox world)
    {
        world.Link("up", "..");
        world.Link("absolute", world.Outside("secret"));
        world.Link("deep", "sub/../..");
        world.Link("chain", "sub/chained");
        world.Link("sub/chained", "../up/secret");
        world.Link("sneaky", "sub/../../granted/../secret");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void No_path_leads_out(string way, bool stepwise)
    {
        var world = World(stepwise);
        LayTraps(world);
        var root = world.Root;
        const ErrorCode no = ErrorCode.NotPermitted;

        Assert.Equal(no, root.Open(PathFlags.SymlinkFollow, way, OpenFlags.None, DescriptorFlags.Read).Error);
        Assert.Contains(root.Open(PathFlags.SymlinkFollow, way, OpenFlags.Create, DescriptorFlags.Write).Error, new[] { no, ErrorCode.IsDirectory });
        Assert.Equal(no, root.StatAt(PathFlags.SymlinkFollow, way).Error);
        Assert.Equal(no, root.MetadataHashAt(PathFlags.SymlinkFollow, way).Error);
        Assert.Equal(no, root.SetTimesAt(PathFlags.SymlinkFollow, way, new NewTimestamp.Now(), new NewTimestamp.Now()).Error);
        Assert.Equal("not for guests", File.ReadAllText(world.Outside("secret")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Nothing_is_made_or_removed_outside(string way, bool stepwise)
    {
        var world = World(stepwise);
        LayTraps(world);
        var root = world.Root;
        var beyond = way.TrimEnd('/') + "/new";

        Assert.False(root.CreateDirectoryAt(beyond).IsOk);
        Assert.False(root.SymlinkAt("file", beyond).IsOk);
        Assert.False(root.LinkAt(PathFlags.None, "file", root, beyond).IsOk);
        Assert.False(root.RenameAt("file", root, beyond).IsOk);
        Assert.False(root.UnlinkFileAt(way.TrimEnd('/') + "/secret").IsOk);
        Assert.False(root.RemoveDirectoryAt(way.TrimEnd('/') + "/other").IsOk);
        Assert.False(root.RenameAt(way.TrimEnd('/') + "/secret", root, "stolen").IsOk);
        Assert.False(root.LinkAt(PathFlags.None, way.TrimEnd('/') + "/secret", root, "stolen").IsOk);
        Assert.Equal(["granted", "other", "secret"], Directory.EnumerateFileSystemEntries(world.Outside("")).Select(entry => Path.GetFileName(entry)!).Order());
        Assert.False(File.Exists(world.Host("stolen")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_slash_behind_a_link_does_not_follow_it_out(bool stepwise)
    {
        var world = World(stepwise);
        world.Link("leave", "../other");
        world.Link("leave-to-file", "../secret");

        Assert.Equal(ErrorCode.NotPermitted, world.Root.StatAt(PathFlags.None, "leave/").Error);
        Assert.False(world.Root.ReadlinkAt("leave/").IsOk);
        Assert.False(world.Root.LinkAt(PathFlags.None, "leave-to-file/", world.Root, "stolen").IsOk);
        Assert.False(world.Root.RemoveDirectoryAt("leave/").IsOk);
        Assert.False(world.Root.UnlinkFileAt("leave-to-file/").IsOk);
        Assert.False(world.Root.RenameAt("leave/", world.Root, "here").IsOk);
        Assert.True(Directory.Exists(world.Outside("other")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Links_that_stay_inside_are_followed(bool stepwise)
    {
        var world = World(stepwise);
        world.Link("in", "sub/../sub/inner");
        world.Link("sub/back", "../file");
        world.Link("folder", "sub");

        Assert.True(world.Root.Open(PathFlags.SymlinkFollow, "in", OpenFlags.None, DescriptorFlags.Read).IsOk);
        Assert.True(world.Root.Open(PathFlags.SymlinkFollow, "sub/back", OpenFlags.None, DescriptorFlags.Read).IsOk);
        Assert.True(world.Root.Open(PathFlags.None, "folder/inner", OpenFlags.None, DescriptorFlags.Read).IsOk);
        Assert.Equal(ErrorCode.Loop, world.Root.Open(PathFlags.None, "in", OpenFlags.None, DescriptorFlags.Read).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Links_without_end_are_a_loop(bool stepwise)
    {
        var world = World(stepwise);
        world.Link("a", "b");
        world.Link("b", "a");
        world.Link("growing", "growing/growing");

        Assert.Equal(ErrorCode.Loop, world.Root.StatAt(PathFlags.SymlinkFollow, "a").Error);
        Assert.Equal(ErrorCode.Loop, world.Root.StatAt(PathFlags.SymlinkFollow, "growing").Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Paths_that_are_none_are_refused(bool stepwise)
    {
        var root = World(stepwise).Root;

        Assert.Equal(ErrorCode.NoEntry, root.StatAt(PathFlags.None, "").Error);
        Assert.Equal(ErrorCode.Invalid, root.StatAt(PathFlags.None, "file\0").Error);
        Assert.Equal(ErrorCode.Invalid, root.CreateDirectoryAt("a\0/../..").Error);
        Assert.Equal(ErrorCode.NameTooLong, root.StatAt(PathFlags.None, new string('x', 256)).Error);
        Assert.Equal(ErrorCode.NameTooLong, root.StatAt(PathFlags.None, string.Concat(Enumerable.Repeat("./", 5000))).Error);
        Assert.Equal(ErrorCode.NotDirectory, root.StatAt(PathFlags.None, "file/").Error);
        Assert.Equal(ErrorCode.NotDirectory, root.StatAt(PathFlags.None, "file/..").Error);
        Assert.Equal(ErrorCode.NotDirectory, root.StatAt(PathFlags.SymlinkFollow, "file///").Error);
        Assert.Equal(ErrorCode.NotDirectory, root.UnlinkFileAt("file/").Error);
        Assert.True(root.StatAt(PathFlags.None, "./sub/..//sub///.").IsOk);
    }

    [Fact]
    public void Links_of_proc_that_are_none_lead_nowhere()
    {
        using var table = new FileTable(10, TimeProvider.System, CancellationToken.None);
        foreach (var stepwise in new[] { false, true })
        {
            var self = table.Preopen(new("/proc/self", "/") { Stepwise = stepwise });

            Assert.False(self.Open(PathFlags.SymlinkFollow, "cwd", OpenFlags.None, DescriptorFlags.Read).IsOk);
            Assert.False(self.Open(PathFlags.SymlinkFollow, "root/etc/passwd", OpenFlags.None, DescriptorFlags.Read).IsOk);
            Assert.False(self.StatAt(PathFlags.SymlinkFollow, "fd/0").IsOk);
            Assert.False(self.StatAt(PathFlags.SymlinkFollow, "exe").IsOk);
        }
    }

    [Fact]
    public void A_symlink_to_an_absolute_path_is_neither_made_nor_read()
    {
        _kernel.Link("absolute", "/etc/passwd");

        Assert.Equal(ErrorCode.NotPermitted, _kernel.Root.SymlinkAt("/etc/passwd", "new").Error);
        Assert.Equal(ErrorCode.NotPermitted, _kernel.Root.ReadlinkAt("absolute").Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Renaming_directories_under_a_walk_never_lets_it_out(bool stepwise)
    {
        var world = World(stepwise);
        Directory.CreateDirectory(world.Host("a/b/c"));
        Directory.CreateDirectory(world.Outside("other/c"));
        File.WriteAllText(world.Outside("other/secret"), "not for guests");
        using var done = new CancellationTokenSource();
        // Another process moves a/b out of the granted directory and back, and swaps it for a link.
        var mover = Task.Factory.StartNew(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Directory.Move(world.Host("a/b"), world.Outside("other/b"));
                File.CreateSymbolicLink(world.Host("a/b"), "../../other");
                File.Delete(world.Host("a/b"));
                Directory.Move(world.Outside("other/b"), world.Host("a/b"));
            }
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            for (var i = 0; i < 3000; i++)
            {
                foreach (var way in new[] { "a/b/c/../../../../secret", "a/b/c/../../secret", "a/b/secret", "a/b/../secret" })
                {
                    if (world.Root.Open(PathFlags.SymlinkFollow, way, OpenFlags.None, DescriptorFlags.Read) is not { IsOk: true, Value: var opened })
                        continue;
                    Assert.Fail($"{way} led to {Encoding.UTF8.GetString(opened.Read(100, 0).Value.Item1.Span)}");
                }
            }
        }
        finally
        {
            await done.CancelAsync();
            await mover;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_made_by_way_of_a_link_that_leads_to_nothing_stays_inside(bool stepwise)
    {
        var world = World(stepwise);
        world.Link("out", "../made");
        world.Link("over", "out");
        world.Link("in", "sub/made");
        var root = world.Root;

        foreach (var way in new[] { "out", "over", "sub/../out" })
        {
            Assert.Equal(ErrorCode.NotPermitted, root.Open(PathFlags.SymlinkFollow, way, OpenFlags.Create, DescriptorFlags.Write).Error);
            Assert.Equal(ErrorCode.Loop, root.Open(PathFlags.None, way, OpenFlags.Create, DescriptorFlags.Write).Error);
            Assert.Equal(ErrorCode.Exist, root.Open(PathFlags.SymlinkFollow, way, OpenFlags.Create | OpenFlags.Exclusive, DescriptorFlags.Write).Error);
            Assert.Equal(ErrorCode.Exist, root.CreateDirectoryAt(way).Error);
        }
        Assert.False(File.Exists(world.Outside("made")));
        Assert.True(root.Open(PathFlags.SymlinkFollow, "in", OpenFlags.Create, DescriptorFlags.Write).IsOk);
        Assert.True(File.Exists(world.Host("sub/made")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_link_that_is_moved_or_has_another_name_leads_out_no_more_than_before(bool stepwise)
    {
        var world = World(stepwise);
        world.Link("sub/link", "../file");
        var (root, no) = (world.Root, ErrorCode.NotPermitted);

        Assert.True(root.StatAt(PathFlags.SymlinkFollow, "sub/link").IsOk);
        Assert.True(root.LinkAt(PathFlags.None, "sub/link", root, "twin").IsOk);
        Assert.Equal(no, root.StatAt(PathFlags.SymlinkFollow, "twin").Error);
        Assert.True(root.RenameAt("sub/link", root, "moved").IsOk);
        File.WriteAllText(world.Outside("file"), "not for guests");
        Assert.Equal(no, root.Open(PathFlags.SymlinkFollow, "moved", OpenFlags.None, DescriptorFlags.Read).Error);
        Assert.Equal(no, root.Open(PathFlags.SymlinkFollow, "twin", OpenFlags.Truncate, DescriptorFlags.Write).Error);
        Assert.Equal("not for guests", File.ReadAllText(world.Outside("file")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_directory_that_is_open_is_a_bound_of_its_own_wherever_it_is_moved(bool stepwise)
    {
        var world = World(stepwise);
        using var sub = world.Open("sub");

        Assert.Equal(ErrorCode.NotPermitted, sub.Open(PathFlags.SymlinkFollow, "../file", OpenFlags.None, DescriptorFlags.Read).Error);
        Assert.Equal(ErrorCode.NotPermitted, sub.RenameAt("inner", sub, "../inner").Error);
        Directory.Move(world.Host("sub"), world.Outside("other/sub"));
        foreach (var way in new[] { "..", "../", "../../secret", "../sub/inner", "./../../other" })
            Assert.Equal(ErrorCode.NotPermitted, sub.StatAt(PathFlags.SymlinkFollow, way).Error);
        Assert.True(sub.StatAt(PathFlags.None, "inner").IsOk);
        Assert.Equal(ErrorCode.NoEntry, world.Root.StatAt(PathFlags.None, "sub/inner").Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_moves_to_another_grant_takes_no_way_along(bool stepwise)
    {
        var world = World(stepwise);
        var other = world.Table.Preopen(new(world.Outside("other"), "/other") { Stepwise = stepwise });
        world.Link("sub/link", "../file");

        Assert.True(world.Root.RenameAt("sub", other, "sub").IsOk);
        Assert.Equal(ErrorCode.NoEntry, other.StatAt(PathFlags.SymlinkFollow, "sub/link").Error); // it is other/file now
        Assert.Equal(ErrorCode.NotPermitted, other.StatAt(PathFlags.SymlinkFollow, "sub/../../granted/file").Error);
        Assert.Equal(ErrorCode.NotPermitted, world.Root.RenameAt("file", other, "../file").Error);
        Assert.Equal(ErrorCode.NotPermitted, world.Root.LinkAt(PathFlags.None, "file", other, "sub/../../file").Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Names_are_taken_as_they_are_written(bool stepwise)
    {
        var root = World(stepwise).Root;

        foreach (var name in new[] { "%2e%2e", "..\\secret", "\u2024\u2024", "...", ".. ", "..%2fsecret", "~", "$HOME", "-rf", "a\nb", ".\u200b." })
        {
            Assert.Equal(ErrorCode.NoEntry, root.StatAt(PathFlags.None, name).Error);
            Assert.True(root.CreateDirectoryAt(name).IsOk);
            Assert.True(root.RemoveDirectoryAt(name).IsOk);
        }
        Assert.True(root.CreateDirectoryAt(new string('x', 255)).IsOk);
        Assert.Equal(ErrorCode.NameTooLong, root.CreateDirectoryAt(new string('x', 256)).Error);
        Assert.Equal(ErrorCode.NameTooLong, root.CreateDirectoryAt(new string('ü', 128)).Error); // bytes count
        Assert.Contains(root.StatAt(PathFlags.SymlinkFollow, string.Concat(Enumerable.Repeat("../", 1000)) + "secret").Error, new[] { ErrorCode.NotPermitted, ErrorCode.NameTooLong });
        Assert.Equal(ErrorCode.NotPermitted, root.StatAt(PathFlags.SymlinkFollow, string.Concat(Enumerable.Repeat("sub/../", 500)) + "../secret").Error);
        Assert.Contains(root.SymlinkAt(new string('x', 5000), "long").Error, new[] { ErrorCode.NameTooLong, ErrorCode.Invalid });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_swapped_for_a_link_is_not_followed_out(bool stepwise)
    {
        var world = World(stepwise);
        using var done = new CancellationTokenSource();
        File.CreateSymbolicLink(world.Outside("trap"), "../secret");
        var swapper = Task.Factory.StartNew(() =>
        {
            while (!done.IsCancellationRequested)
            {
                File.Move(world.Host("file"), world.Outside("kept"));
                File.Move(world.Outside("trap"), world.Host("file"));
                File.Move(world.Host("file"), world.Outside("trap"));
                File.Move(world.Outside("kept"), world.Host("file"));
            }
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            for (var i = 0; i < 3000; i++)
            {
                var follow = i % 2 == 0 ? PathFlags.SymlinkFollow : PathFlags.None;
                if (world.Root.Open(follow, "file", OpenFlags.None, DescriptorFlags.Read) is { IsOk: true, Value: var opened })
                    using (opened)
                        Assert.NotEqual("not for guests", Encoding.UTF8.GetString(opened.Read(100, 0).Value.Item1.Span));
                if (world.Root.Open(follow, "file", OpenFlags.Truncate, DescriptorFlags.Write) is { IsOk: true, Value: var written })
                    using (written)
                        written.Write("by a guest"u8.ToArray(), 0);
                world.Root.SetTimesAt(follow, "file", new NewTimestamp.NoChange(), new NewTimestamp.Timestamp(new(5, 0)));
            }
        }
        finally
        {
            await done.CancelAsync();
            await swapper;
        }
        Assert.Equal("not for guests", File.ReadAllText(world.Outside("secret")));
        Assert.NotEqual(5, new DateTimeOffset(File.GetLastWriteTimeUtc(world.Outside("secret"))).ToUnixTimeSeconds());
    }
}
