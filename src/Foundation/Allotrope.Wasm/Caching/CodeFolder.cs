using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasm;

/// <summary>
/// The files of a cache: one for each module, named by its key. They are written under another name and then renamed, so that readers in other processes
/// find whole ones; those used longest ago go when there are too many bytes.
/// </summary>
sealed class CodeFolder(string path, long mostBytes, TimeProvider time)
{
    const string Ending = ".code";
    const string UnfinishedEnding = ".new";

    /// <summary>What a process left that died while it was writing is removed after this long.</summary>
    static readonly TimeSpan Unfinished = TimeSpan.FromHours(1);

    /// <summary>The bytes of a file; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Somebody else could have written it.</exception>
    internal byte[]? Read(string name, long mostFileBytes)
    {
        if (!Directory.Exists(path))
            return null;
        using var folder = OwnerOnly.OpenFolder(path);
        using var file = OwnerOnly.OpenFile(folder, name + Ending);
        if (file is null)
            return null;
        var length = RandomAccess.GetLength(file);
        if (length > mostFileBytes)
            throw new IOException($"{name}{Ending} has {length} bytes, more than any module's code");
        var bytes = new byte[length];
        ReadAll(file, bytes);
        File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime); // was used
        return bytes;
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not this user's alone.</exception>
    internal void Write(string name, ReadOnlySpan<byte> bytes)
    {
        if (!Directory.Exists(path))
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var folder = OwnerOnly.OpenFolder(path);
        var unfinished = $"{name}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}{UnfinishedEnding}";
        try
        {
            using (var file = OwnerOnly.CreateFile(folder, unfinished))
            {
                RandomAccess.Write(file, bytes, 0);
                File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime);
            }

            OwnerOnly.Rename(folder, unfinished, name + Ending);
        }
        catch (IOException)
        {
            OwnerOnly.Remove(folder, unfinished);
            throw;
        }

        MakeRoom(folder, keep: name + Ending);
    }

    void MakeRoom(SafeFileHandle folder, string keep)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var kept = 0L;
        foreach (var file in new DirectoryInfo(path).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc))
        {
            if (file.Name == keep || file.Extension is not (Ending or UnfinishedEnding))
                continue;
            kept += LengthOf(file);
            if (file.Extension == UnfinishedEnding ? now - file.LastWriteTimeUtc > Unfinished : kept > mostBytes)
                OwnerOnly.Remove(folder, file.Name);
        }
    }

    /// <summary>Another process may have removed it just now.</summary>
    static long LengthOf(FileInfo file) => file.Exists ? file.Length : 0;

    static void ReadAll(SafeFileHandle file, Span<byte> bytes)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes[done..], done);
            if (read == 0)
                throw new EndOfStreamException("a file became shorter while it was read");
            done += read;
        }
    }
}
