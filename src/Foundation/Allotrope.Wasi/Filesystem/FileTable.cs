using System.Runtime.InteropServices;
using Allotrope.Components;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Wasi.Filesystem;

/// <summary>The files that one instance has open: bounded, and closed with it.</summary>
/// <param name="most">With the preopened ones.</param>
/// <param name="time">For times that are set to now.</param>
/// <param name="stop">Ends waits of streams.</param>
sealed class FileTable(int most, TimeProvider time, CancellationToken stop) : IDisposable
{
    readonly Holdings _held = new(most);

    public TimeProvider Time => time;

    public CancellationToken Stop => stop;

    public int Open => _held.Count;

    public bool IsFull => _held.IsFull;

    public void Add(IDisposable file) => _held.Add(file);

    public void Remove(IDisposable file) => _held.Remove(file);

    /// <summary>Opens a granted directory.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    /// <exception cref="ComponentTrap">The guest has been given it so often that it has all the files it may have.</exception>
    public Descriptor Preopen(Preopen preopen)
    {
        if (IsFull)
            throw new ComponentTrap($"the guest has {most} files and directories open, and may have no more");
        var folder = LibC.Open(preopen.HostPath, OpenMode.ReadOnly | OpenMode.Directory | OpenMode.CloseOnExec, 0);
        if (folder < 0)
            throw new DirectoryNotFoundException($"the directory {preopen.HostPath}, granted as {preopen.GuestPath}, cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        var flags = DescriptorFlags.Read | (preopen.IsReadOnly ? DescriptorFlags.None : DescriptorFlags.MutateDirectory);
        var handle = new SafeFileHandle(folder, ownsHandle: true);
        return new(this, new OpenFile(handle, preopen.Room, default), DescriptorType.Directory, flags, preopen.Stepwise);
    }

    /// <summary>A second descriptor of the same open file.</summary>
    public Result<OpenFile, ErrorCode> Duplicate(OpenFile file) => IsFull ? ErrorCode.InsufficientMemory : file.Duplicate();

    public void Dispose() => _held.Dispose();
}
