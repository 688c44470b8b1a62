using Allotrope.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Blobstore;

/// <summary>What contents ask of the disk beside opening and deleting files. Tests have one that refuses.</summary>
class Disk
{
    const int ReserveFraction = 20;

    public static Disk Real { get; } = new();

    /// <summary>Bytes that contents may still take of the disk that a folder is on: not the last ones, without which the record could take nothing, not even that an object is deleted.</summary>
    public virtual long Left(string folder)
    {
        var disk = new DriveInfo(folder); // of any path
        return disk.AvailableFreeSpace - Math.Min(BlobstoreLimits.DiskReserve, disk.TotalSize / ReserveFraction);
    }

    public virtual ValueTask<int> ReadAsync(SafeFileHandle file, Memory<byte> bytes, long offset, CancellationToken cancellation) =>
        RandomAccess.ReadAsync(file, bytes, offset, cancellation);

    public virtual ValueTask WriteAsync(SafeFileHandle file, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellation) =>
        RandomAccess.WriteAsync(file, bytes, offset, cancellation);

    /// <summary>Brings to disk what is in a file.</summary>
    public virtual void Sync(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    /// <summary>Brings to disk which files are in a folder.</summary>
    public virtual void SyncFolder(string path) => DiskFolder.Sync(path);
}
