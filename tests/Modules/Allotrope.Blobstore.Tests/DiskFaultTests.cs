using Microsoft.Win32.SafeHandles;

namespace Allotrope.Blobstore.Tests;

/// <summary>.NET has several types of errors for what the system says; each is the disk's, and none tells a guest where the data folder is.</summary>
public sealed class DiskFaultTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-secret-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_that_is_missing_is_told() => Told("its folder is missing", () => File.OpenHandle(PathOf("none", "file")));

    [Fact]
    public void What_there_is_no_right_to_is_told()
    {
        var error = new UnauthorizedAccessException($"Access to the path '{_folder}' is denied.", new IOException("Permission denied", 13)); // EACCES: a root's test may open all
        Told("Permission denied", () => throw error);
    }

    [Fact]
    public void A_name_that_is_there_is_told()
    {
        File.WriteAllText(PathOf("file"), "");
        Told("File exists", () => File.OpenHandle(PathOf("file"), FileMode.CreateNew, FileAccess.Write));
    }

    [Fact]
    public void A_file_beyond_what_the_disk_can_have_is_told()
    {
        using var file = File.OpenHandle(PathOf("file"), FileMode.Create, FileAccess.Write);
        Told("the file would be too large for it", () => Grow(file));
    }

    /// <summary>Beyond the largest file of any disk, which the system says by EFBIG.</summary>
    static void Grow(SafeFileHandle file) => RandomAccess.Write(file, new byte[2], long.MaxValue - 2);

    string PathOf(params string[] names) => Path.Combine([_folder.FullName, .. names]);

    void Told(string reason, Action act)
    {
        var error = Assert.ThrowsAny<Exception>(act);
        Assert.True(DiskFault.Covers(error));
        var told = DiskFault.Of("The disk refuses", error).Fault.Message;
        Assert.Equal($"The disk refuses: {reason}. Whoever runs the node has to see to its disk; then try again.", told);
    }
}
