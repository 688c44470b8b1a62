namespace Allotrope.Kernel;

/// <summary>Keeps a secret in a file that only the owner of the process can read, in a folder that only the owner can open.</summary>
public static class OwnerOnlyFile
{
    /// <summary>What the folder allows: 0700. A file that allows none but its owner anything is within this too.</summary>
    public const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes <paramref name="content"/> to disk, so that the file appears complete or not at all and is never open to others, not even
    /// for a moment. Makes the folder when it is missing, and closes one that is empty; one with anything in it may be somebody else's and stays as it is.
    /// </summary>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="IOException">It cannot be written, or is there and may not be replaced; nothing half is left behind.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder, Folder);
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            File.SetUnixFileMode(folder, Folder);
        var aside = path + ".new";
        File.Delete(aside);
        try
        {
            var fresh = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mode };
            using (var stream = new FileStream(aside, fresh))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite);
            DiskFolder.Sync(folder);
        }
        catch (IOException)
        {
            File.Delete(aside);
            throw;
        }
    }
}
