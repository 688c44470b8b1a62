using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Blobstore.Tests;

/// <summary>A disk that fails the next time it is asked to do what a test says, as the system does.</summary>
sealed class FailingDisk : Disk
{
    const int InputOutputError = 5, NoSpaceLeft = 28; // EIO and ENOSPC

    public DiskTask? Next { get; set; }

    /// <summary>Whether nothing is left to others.</summary>
    public bool IsForContentsAlone { get; set; }

    public override long Left(string folder) => IsForContentsAlone ? long.MaxValue : base.Left(folder);

    public override ValueTask<int> ReadAsync(SafeFileHandle file, Memory<byte> bytes, long offset, CancellationToken cancellation)
    {
        Fail(DiskTask.Read, InputOutputError);
        return base.ReadAsync(file, bytes, offset, cancellation);
    }

    public override async ValueTask WriteAsync(SafeFileHandle file, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellation)
    {
        if (Next == DiskTask.Write)
            await base.WriteAsync(file, bytes[..(bytes.Length / 2)], offset, cancellation);
        Fail(DiskTask.Write, NoSpaceLeft);
        await base.WriteAsync(file, bytes, offset, cancellation);
    }

    public override void Sync(SafeFileHandle file)
    {
        Fail(DiskTask.Sync, InputOutputError);
        base.Sync(file);
    }

    public override void SyncFolder(string path)
    {
        Fail(DiskTask.SyncFolder, InputOutputError);
        base.SyncFolder(path);
    }

    void Fail(DiskTask task, int number)
    {
        if (Next != task)
            return;
        Next = null;
        throw new IOException($"{Marshal.GetPInvokeErrorMessage(number)} : '/somewhere/secret'", number);
    }
}

public enum DiskTask
{
    Read,
    Write,
    Sync,
    SyncFolder,
}
