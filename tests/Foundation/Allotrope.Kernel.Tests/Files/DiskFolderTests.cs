namespace Allotrope.Kernel.Tests;

public sealed class DiskFolderTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-folder-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_is_brought_to_disk() => DiskFolder.Sync(_folder.FullName);

    [Fact]
    public void One_that_is_not_there_is_told_with_the_number_of_the_system()
    {
        const int noSuchEntry = 2; // ENOENT
        var error = Assert.Throws<IOException>(() => DiskFolder.Sync(Path.Combine(_folder.FullName, "none")));
        Assert.Equal(noSuchEntry, error.HResult);
        Assert.EndsWith("none cannot be brought to disk: No such file or directory.", error.Message, StringComparison.Ordinal);
    }
}
