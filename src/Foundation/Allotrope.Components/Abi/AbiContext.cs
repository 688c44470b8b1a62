using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Whose memory and handles values are read from or written to, and the call that it is for.</summary>
sealed class AbiContext(InstanceState instance, CanonicalOptions options, CallScope scope)
{
    readonly Memory? _memory = instance.MemoryOf(options);
    readonly Function? _realloc = options.Realloc is { } index ? instance.CoreFunctions[index] : null;

    internal InstanceState Instance { get; } = instance;

    internal CallScope Scope { get; } = scope;

    internal StringEncoding Encoding { get; } = options.Encoding;

    /// <summary>Whether addresses have 64 bits.</summary>
    internal bool IsWide { get; } = options.IsWide;

    /// <summary>Validation sees to it that there is one where it is needed.</summary>
    internal Memory Memory => _memory!;

    internal int AddressBytes => IsWide ? 8 : 4;

    /// <summary>In the length of a string, says that it is UTF-16.</summary>
    internal ulong Utf16Tag => 1UL << (8 * AddressBytes - 1);

    /// <summary>Bytes of the guest's memory.</summary>
    /// <exception cref="ComponentTrap">They are not all in it, or not aligned.</exception>
    internal Span<byte> Bytes(ulong address, ulong size, int alignment, string what)
    {
        Require(address, size, alignment, what);
        return Memory.Slice(address, (int)size);
    }

    /// <exception cref="ComponentTrap">Bytes are not all in the guest's memory, or not aligned.</exception>
    internal void Require(ulong address, ulong size, int alignment, string what)
    {
        if ((address & (ulong)(alignment - 1)) != 0)
            throw ComponentTrap.Unaligned();
        var length = Memory.ByteLength;
        if (address > length || size > length - address)
            throw new ComponentTrap($"{what} out-of-bounds");
    }

    /// <summary>Pays for what values take on the host's heap: lists may share memory in the guest, so that a small one could hold more than any host has.</summary>
    /// <exception cref="ComponentTrap">The call has had all it may.</exception>
    internal void Charge(ulong count, int bytesEach)
    {
        if (count > (ulong)(Scope.HeapLeft / bytesEach))
            throw new ComponentTrap("the values of one call take too much memory");
        Scope.HeapLeft -= (long)count * bytesEach;
    }

    internal ulong Allocate(int alignment, ulong size) => Reallocate(0, 0, alignment, size);

    /// <summary>Asks the guest for room; what it says is checked.</summary>
    internal ulong Reallocate(ulong old, ulong oldSize, int alignment, ulong size)
    {
        Span<Value> result = [default];
        Instance.MayLeave = false;
        Instance.CallAside(_realloc!, [Address(old), Address(oldSize), Address((ulong)alignment), Address(size)], result);
        Instance.MayLeave = true;
        var address = (ulong)Flat.FromValue(result[0]);
        if ((address & (ulong)(alignment - 1)) != 0)
            throw new ComponentTrap("realloc return: result not aligned");
        if (address > Memory.ByteLength || size > Memory.ByteLength - address)
            throw new ComponentTrap("realloc return: beyond end of memory");
        return address;
    }

    Value Address(ulong value) => IsWide ? Value.FromInt64((long)value) : Value.FromInt32((int)value);
}
