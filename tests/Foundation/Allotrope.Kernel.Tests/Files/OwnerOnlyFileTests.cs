namespace Allotrope.Kernel.Tests;

public sealed class OwnerOnlyFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("allotrope-").FullName;

    string Secret => Path.Combine(_folder, "keys", "one");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void File_and_folder_are_open_to_their_owner_only()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keys"));
        OwnerOnlyFile.Write(Secret, "secret"u8, overwrite: false);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Secret));
        Assert.Equal(OwnerOnlyFile.Folder, File.GetUnixFileMode(Path.Combine(_folder, "keys")));
    }

    [Fact]
    public void A_folder_with_something_in_it_stays_as_it_is()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "keys"), OwnerOnlyFile.Folder | UnixFileMode.OtherExecute).FullName;
        var mode = File.GetUnixFileMode(folder);
        File.WriteAllText(Path.Combine(folder, "theirs"), "");

        OwnerOnlyFile.Write(Secret, "secret"u8, overwrite: false);
        Assert.Equal(mode, File.GetUnixFileMode(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Secret));
    }

    [Fact]
    public void What_may_not_be_replaced_stays_and_nothing_is_left_beside_it()
    {
        OwnerOnlyFile.Write(Secret, "first"u8, overwrite: false);
        Assert.Throws<IOException>(() => OwnerOnlyFile.Write(Secret, "second"u8, overwrite: false));
        Assert.Equal("first", File.ReadAllText(Secret));
        Assert.Equal([Secret], Directory.GetFiles(Path.Combine(_folder, "keys")));
    }

    [Fact]
    public void What_may_be_replaced_is()
    {
        OwnerOnlyFile.Write(Secret, "first"u8, overwrite: false);
        OwnerOnlyFile.Write(Secret, "second"u8, overwrite: true);
        Assert.Equal("second", File.ReadAllText(Secret));
    }
}
