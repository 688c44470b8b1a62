using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>A range of addresses that is reserved at once and backed by zeroed memory piece by piece, so that its start never moves.</summary>
sealed partial class Reservation : SafeHandle
{
    const int ProtNone = 0;
    const int ProtReadWrite = 3;
    const uint MemReserve = 0x2000;
    const uint MemCommit = 0x1000;
    const uint MemRelease = 0x8000;
    const uint PageNoAccess = 1;
    const uint PageReadWrite = 4;

    readonly nuint _size;

    /// <summary>One past the furthest byte that was ever usable.</summary>
    nuint _usable;

    /// <exception cref="LinkException">The address space has no such range left.</exception>
    internal Reservation(nuint size) : base(0, ownsHandle: true)
    {
        _size = size;
        var start = Reserve(size);
        if (start is 0 or -1)
            throw new LinkException($"no {size} bytes of address space are left for a WebAssembly memory");
        SetHandle(start);
    }

    Reservation(nint start, nuint size) : base(start, ownsHandle: true)
    {
        _size = size;
        IsGuarded = true;
        FaultHandler.Register(start, size);
    }

    /// <summary>
    /// One that takes in whatever 32-bit addresses and offsets up to <see cref="GuardPages.FurthestOffset"/> lead to, and in which faults become
    /// exceptions. Null when the address space or a limit of the process leaves no room.
    /// </summary>
    internal static Reservation? TryMakeGuarded()
    {
        var size = unchecked((nuint)GuardPages.ReservedBytes);
        if (SpareReservations.TryTake() is { } spare)
            return new Reservation(spare, size);
        var start = Reserve(size + GuardPages.Granule);
        if (start == -1)
            return null;
        // Only whole granules are ours; what is around them goes back.
        var before = (nuint)(-start & (nint)(GuardPages.Granule - 1));
        _ = before == 0 ? 0 : munmap(start, before);
        _ = munmap(start + (nint)(before + size), GuardPages.Granule - before);
        return new Reservation(start + (nint)before, size);
    }

    public override bool IsInvalid => handle is 0 or -1;

    /// <summary>Whether it was made by <see cref="TryMakeGuarded"/>.</summary>
    internal bool IsGuarded { get; }

    internal nint Start => handle;

    // MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    static int MapFlags => OperatingSystem.IsMacOS() ? 0x1042 : 0x4022;

    /// <summary>Makes a piece usable; false when the system has no memory for it. Offset and size are multiples of the system's page size.</summary>
    internal bool TryCommit(nuint offset, nuint size)
    {
        _usable = Math.Max(_usable, offset + size);
        return size == 0
            || (OperatingSystem.IsWindows()
                ? VirtualAlloc(handle + (nint)offset, size, MemCommit, PageReadWrite) != 0
                : mprotect(handle + (nint)offset, size, ProtReadWrite) == 0);
    }

    /// <summary>
    /// Puts a private copy of a part of a file in place of a piece that is usable already; false, and the piece holds zeros, when the system does not
    /// do it. What the file holds must not change while the piece is mapped. Offsets and size are multiples of the system's page size.
    /// </summary>
    internal bool TryMap(nuint offset, nuint size, SafeHandle file, long fileOffset)
    {
        // MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, and MAP_ANONYMOUS
        const int Private = 0x4012, Anonymous = 0x20;
        if (!OperatingSystem.IsLinux() || size == 0)
            return false;
        if (mmap(handle + (nint)offset, size, ProtReadWrite, Private, (int)file.DangerousGetHandle(), (nint)fileOffset) != -1)
            return true;
        // The kernel may have taken the piece away first, and what it puts into the gap next would be the guest's to read and write.
        if (mmap(handle + (nint)offset, size, ProtReadWrite, Private | Anonymous, -1, 0) == -1)
            Environment.FailFast("a piece of a WebAssembly memory was lost, as the system has no memory");
        return false;
    }

    protected override bool ReleaseHandle()
    {
        if (IsGuarded)
        {
            FaultHandler.Forget(handle, _size);
            // Fresh addresses that nobody may touch in place of all that was in use. Should that fail, what is left of them is left as it is: a piece
            // may be gone already, and be somebody else's by now.
            const int fresh = 0x4032; // MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED
            if (_usable > 0 && mmap(handle, _usable, ProtNone, fresh, -1, 0) == -1)
                return false;
            if (SpareReservations.TryKeep(handle))
                return true;
        }

        return OperatingSystem.IsWindows() ? VirtualFree(handle, 0, MemRelease) : munmap(handle, _size) == 0;
    }

    static nint Reserve(nuint size) =>
        OperatingSystem.IsWindows() ? VirtualAlloc(0, size, MemReserve, PageNoAccess) : mmap(0, size, ProtNone, MapFlags, -1, 0);

    // mmap(2), mprotect(2), munmap(2)
    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint length);

    // VirtualAlloc, VirtualFree (memoryapi.h)
    [LibraryImport("kernel32")]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(nint address, nuint size, uint type);
}
