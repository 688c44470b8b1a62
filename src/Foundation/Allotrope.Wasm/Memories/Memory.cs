using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// A linear memory. Its bytes are outside the .NET heap at an address that never changes: the whole range it may grow to is reserved at once.
/// They live until the store is disposed or neither it nor the memory is reachable any more: whoever holds a span holds one of the two.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "its store frees it")]
public sealed unsafe class Memory
{
    /// <summary>Bytes in a page.</summary>
    public const int PageBytes = 65_536;

    /// <summary>Pages that 32-bit addresses reach.</summary>
    internal const uint MostPages = 65_536;

    /// <summary>Pages that 64-bit addresses reach.</summary>
    internal const ulong MostWidePages = 1UL << 48;

    /// <summary>Bytes that no memory exceeds, as stores count pages in 32 bits.</summary>
    internal const ulong MostBytes = (ulong)PageBytes << 32;

    /// <summary>
    /// Compiled code reads the current length from the eight bytes before the first: one load, and every instance that shares the memory sees
    /// it. Before it are the length less one, less two and so on: so an address is compared without adding where the access ends.
    /// </summary>
    internal const int LengthOffset = -8;

    /// <summary>The furthest end of an access for which the length less that end is kept.</summary>
    internal const int FurthestRoom = 160;

    /// <summary>Room for the length; a multiple of the page size of every system.</summary>
    const int HeaderBytes = 65_536;

    readonly Store _store;
    readonly Reservation _reservation;
    readonly ulong _most;

    /// <summary>Makes a memory for guests of <paramref name="store"/> to import.</summary>
    /// <param name="limits">Pages at first and at most.</param>
    /// <exception cref="ArgumentException">More at first than at most, or than 32-bit addresses reach.</exception>
    /// <exception cref="LinkException">The store's limit leaves no room for the minimum.</exception>
    public Memory(Store store, Limits limits)
    {
        ArgumentNullException.ThrowIfNull(store);
        var reached = limits.IsWide ? MostWidePages : MostPages;
        var most = Math.Min(limits.Maximum ?? reached, reached);
        if (limits.Minimum > most)
            throw new ArgumentException($"a memory cannot begin with {limits.Minimum} pages and have at most {most}", nameof(limits));
        _store = store;
        Limits = limits;
        _most = Math.Min(most, store.Limits.MemoryPages);
        if (limits is { IsShared: true, Maximum: null })
            throw new ArgumentException("a shared memory must have a maximum", nameof(limits));
        if (limits.IsShared && !store.Limits.Threads)
            throw new LinkException("a shared memory is wanted, but the store does not allow threads");
        var counted = limits.IsShared ? most : limits.Minimum;
        if (!store.TryTakePages(counted))
            throw new LinkException($"a memory of {counted} pages is wanted, but the store allows {store.Limits.MemoryPages} pages in all");
        _reservation = (!limits.IsWide && GuardPages.AreAvailable ? Reservation.TryMakeGuarded() : null)
            ?? new Reservation(HeaderBytes + ((nuint)_most * PageBytes));
        var committed = _reservation.TryCommit(0, HeaderBytes + ((nuint)limits.Minimum * PageBytes));
        if (!committed)
        {
            _reservation.Dispose();
            throw new LinkException($"the system has no memory for {limits.Minimum} WebAssembly pages");
        }

        Base = _reservation.Start + HeaderBytes;
        Length = limits.Minimum * PageBytes;
        if (limits.IsShared)
            Waiters = new Waiters(); // other stores may use it after this one: it is freed when nothing refers to it
        else
            store.Own(this);
    }

    public Limits Limits { get; }

    /// <summary>Current size in pages of 64 KiB.</summary>
    public uint PageCount => (uint)(ByteLength / PageBytes);

    /// <summary>Current size in bytes.</summary>
    public ulong ByteLength => IsFreed ? throw Disposed() : Length;

    /// <summary>
    /// All bytes. The span stays where it is when the memory grows, and must not be used once the store is disposed or unreachable.
    /// </summary>
    /// <exception cref="OverflowException">The memory has more than 2 GiB; see <see cref="Slice"/>.</exception>
    public Span<byte> Span => Slice(0, checked((int)ByteLength));

    /// <summary>Where the first byte is.</summary>
    internal nint Base { get; }

    internal Store Store => _store;

    /// <summary>Instances that import it.</summary>
    internal int Importers { get; set; }

    /// <summary>Is told of spans that the host is given; null unless a call is being recorded.</summary>
    internal HostWatch? Watch { get; set; }

    /// <summary>Whether code may use it that does not compare addresses.</summary>
    internal bool IsGuarded => _reservation.IsGuarded;

    /// <summary>Threads that wait for a notification; null when the memory is not shared.</summary>
    internal Waiters? Waiters { get; }

    /// <summary>Where the length less <paramref name="end"/> is, which is negative where the memory has no access that ends there.</summary>
    internal static int RoomOffset(int end) => LengthOffset * (end + 1);

    ulong Length
    {
        get => *(ulong*)(Base + LengthOffset);
        set
        {
            for (var end = 0; end <= FurthestRoom; end++)
                *(ulong*)(Base + RoomOffset(end)) = value - (ulong)end;
        }
    }

    bool IsFreed => _reservation.IsClosed;

    /// <summary>Part of the memory; see <see cref="Span"/> for how long it lives.</summary>
    /// <exception cref="Trap">The range is not inside the memory.</exception>
    public Span<byte> Slice(ulong address, int length)
    {
        var slice = Inside(address, length);
        Watch?.Lend(this, address, length);
        return slice;
    }

    /// <summary>Reads a value as the host keeps it in memory (little-endian on all systems supported).</summary>
    /// <exception cref="Trap">The value is not inside the memory.</exception>
    public T Read<T>(ulong address)
        where T : unmanaged => Unsafe.ReadUnaligned<T>(ref Inside(address, sizeof(T))[0]);

    /// <inheritdoc cref="Read{T}"/>
    public void Write<T>(ulong address, T value)
        where T : unmanaged => Unsafe.WriteUnaligned(ref Slice(address, sizeof(T))[0], value);

    /// <summary>Adds zeroed pages. False, and nothing has changed, when the maximum, the store's limit or the system do not allow it.</summary>
    /// <exception cref="HostExhaustedException">The system does not, and a deterministic guest is in the store: it must not see that.</exception>
    public bool TryGrow(ulong pages) => Grow(pages) is not null;

    /// <summary>The same, and how many pages there were before: of threads that grow a memory at once each gets its own.</summary>
    internal uint? Grow(ulong pages)
    {
        if (Waiters is not { } gate)
            return Grow(pages, isPaid: false);
        lock (gate)
            return Grow(pages, isPaid: true);
    }

    internal void Free() => _reservation.Dispose();

    /// <summary>What the memory held at first, where it is mapped instead of copied; kept, as the mapping needs it.</summary>
    internal MemoryImage? Image { get; private set; }

    /// <summary>Maps the first contents of a memory that nobody has written to yet; false, and nothing has changed, when they must be copied.</summary>
    internal bool TryMap(MemoryImage image)
    {
        if (!_reservation.TryMap(HeaderBytes + (nuint)image.Start, (nuint)image.Size, image.File, image.FileOffset))
            return false;
        Image = image;
        return true;
    }

    Span<byte> Inside(ulong address, int length) =>
        length < 0 || (ulong)length > ByteLength || address > ByteLength - (ulong)length
            ? throw new Trap(TrapKind.MemoryOutOfBounds)
            : new((void*)(Base + (nint)address), length);

    uint? Grow(ulong pages, bool isPaid)
    {
        var before = PageCount;
        if (pages > _most - before || (!isPaid && !_store.TryTakePages(pages)))
            return null;
        if (!_reservation.TryCommit(HeaderBytes + ((nuint)before * PageBytes), (nuint)pages * PageBytes))
        {
            if (!isPaid)
                _store.ReturnPages(pages);
            if (_store.Guard.IsDeterministic)
                throw new HostExhaustedException($"the system has no memory for {pages} more WebAssembly pages, which the limits allow");
            return null;
        }

        Length = (before + pages) * PageBytes;
        return before;
    }

    ObjectDisposedException Disposed() => new(nameof(Wasm.Store), "the memory's store is disposed");
}
