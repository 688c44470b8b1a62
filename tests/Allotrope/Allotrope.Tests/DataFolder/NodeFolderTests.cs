using Allotrope.DataFolder;
using Allotrope.Kernel;
using Allotrope.Ledger;

namespace Allotrope.Tests.DataFolder;

public sealed class NodeFolderTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    FolderLayout Layout => new(_folder["data"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_first_start_makes_keys_and_a_tenant_that_trusts_the_user()
    {
        using var folder = Open();
        Assert.Equal(KeyRole.Node, folder.NodeKey.PublicKey.Role);
        using var user = new KeyFolder(Layout.Keys).Read(KeyFolder.UserKey);
        Assert.Equal(TenantFile.Home, Tenants.Load(Layout.Tenants).Of(user.PublicKey.ToString()));
    }

    [Fact]
    public void A_later_start_finds_the_same_node()
    {
        PublicKey first;
        using (var folder = Open())
            first = folder.NodeKey.PublicKey;
        using var again = Open();
        Assert.Equal(first, again.NodeKey.PublicKey);
    }

    [Fact]
    public void Secrets_are_for_the_owner_only()
    {
        using var folder = Open();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Layout.Root));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Layout.Keys));
        Assert.All(Directory.GetFiles(Layout.Keys), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_second_node_on_the_folder_is_a_conflict()
    {
        using var folder = Open();
        Assert.IsType<Fault.Conflict>(FaultOfOpening());
    }

    [Fact]
    public void A_first_start_that_was_cut_short_is_finished_by_the_next()
    {
        using (Open())
        {
        }
        File.Delete(Layout.Version);
        Directory.Delete(Layout.Tenants, recursive: true);
        using var again = Open();
        Assert.Single(Directory.GetFiles(Layout.Tenants));
    }

    [Fact]
    public void A_first_start_that_was_cut_short_at_its_last_file_is_finished_by_the_next()
    {
        Directory.CreateDirectory(Layout.Root);
        File.WriteAllText(Layout.Version + ".new", "");

        using (Open())
            Assert.Equal("1\n", File.ReadAllText(Layout.Version));
        Assert.False(File.Exists(Layout.Version + ".new"));
    }

    [Fact]
    public void Somebody_elses_folder_is_left_alone()
    {
        Directory.CreateDirectory(Layout.Root);
        File.WriteAllText(Path.Combine(Layout.Root, "thesis.txt"), "mine");
        Assert.Contains("thesis.txt", Assert.IsType<Fault.Invalid>(FaultOfOpening()).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Layout.Keys));
    }

    [Theory]
    [InlineData("thesis.txt", "mine")]
    [InlineData("keys/house", "of a house")]
    [InlineData("version", "1\n")]
    [InlineData("version", "3.14")]
    [InlineData("record.db", "of my songs")]
    public void A_folder_that_no_node_made_stays_as_it_is(string file, string content)
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherExecute;
        var path = Path.Combine(Layout.Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(Layout.Root, mode);

        FaultOfOpening();

        Assert.Equal(mode, File.GetUnixFileMode(Layout.Root));
        Assert.Single(Directory.GetFileSystemEntries(Layout.Root));
    }

    [Fact]
    public void A_file_is_no_data_folder()
    {
        File.WriteAllText(Layout.Root, "x");
        Assert.IsType<Fault.Invalid>(FaultOfOpening());
    }

    [Theory]
    [InlineData("keys/node.nk", "not a seed")]
    [InlineData("version", "?")]
    public void A_damaged_file_is_named(string file, string content)
    {
        using (Open())
        {
        }
        File.WriteAllText(Path.Combine(Layout.Root, file), content);
        Assert.Contains(file, Assert.IsType<Fault.Damaged>(FaultOfOpening()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_node_key_is_damage_and_not_a_new_identity()
    {
        using (Open())
        {
        }
        File.Delete(Path.Combine(Layout.Keys, "node.nk"));
        Assert.IsType<Fault.Damaged>(FaultOfOpening());
    }

    [Fact]
    public void A_record_without_a_version_is_damage()
    {
        Directory.CreateDirectory(Layout.Root);
        File.WriteAllText(Layout.Record, "");
        Assert.IsType<Fault.Damaged>(FaultOfOpening());
    }

    [Fact]
    public void A_folder_of_a_later_version_is_refused()
    {
        using (Open())
        {
        }
        File.WriteAllText(Layout.Version, "2\n");
        Assert.IsType<Fault.Refused>(FaultOfOpening());
    }

    NodeFolder Open() => NodeFolder.Open(Layout, SystemRandom.Instance);

    Fault FaultOfOpening() => Assert.Throws<FaultException>(() => Open().Dispose()).Fault;
}
