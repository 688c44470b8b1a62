using System.Runtime.InteropServices;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>
/// Addresses that are kept until somebody shall have them: enough for a memory of 4 GiB, and, as those around them stay taken, too few for one with guard
/// pages.
/// </summary>
sealed partial class AddressRoom : IDisposable
{
    const int PrivateAnonymousWithoutReserve = 0x4022;

    const nint Around = 256 << 20;

    static readonly nint Size = unchecked((nint)(4_608L << 20));

    readonly nint _start = mmap(0, Around + Size + Around, 0, PrivateAnonymousWithoutReserve, -1, 0);

    public void Open()
    {
        Assert.NotEqual(-1, _start);
        Assert.Equal(0, munmap(_start + Around, Size));
    }

    /// <summary>What is around the room is given back; the room is whoever's has it by now.</summary>
    public void Dispose()
    {
        _ = munmap(_start, Around);
        _ = munmap(_start + Around + Size, Around);
    }

    // mmap(2), munmap(2)
    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nint length);
}
