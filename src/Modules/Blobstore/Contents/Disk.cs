using Microsoft.Win32.SafeHandles;

namespace Allotrope.Blobstore;

/// <summary>What contents ask of the disk beside opening and deleting files. Tests have one that refuses.</summary>
class Disk
{
    public static Disk Real { get; } = new();

    public virtual ValueTask<int> ReadAsync(SafeFileHandle file, Memory<byte> bytes, long offset, CancellationToken cancellation) =>
        RandomAccess.ReadAsync(file, bytes, offset, cancellation);

    public virtual ValueTask WriteAsync(SafeFileHandle file, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellation) =>
        RandomAccess.WriteAsync(file, bytes, offset, cancellation);

    /// <summary>Brings to disk what is in a file.</summary>
    public virtual void Sync(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    /// <summary>Brings to disk which files are in a folder.</summary>
    public virtual void SyncFolder(string path) => LibC.SyncFolder(path);
}
