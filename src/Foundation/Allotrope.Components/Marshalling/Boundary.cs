using System.Diagnostics.CodeAnalysis;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// What generated code reads a guest's values from and writes them to: the memory, handles and allocator of an instance, as one canonical definition has
/// them. Everything that the guest says is checked here.
/// </summary>
/// <param name="instance">Whose values they are.</param>
/// <param name="options">The definition's.</param>
sealed partial class Boundary(InstanceState instance, CanonicalOptions options)
{
    readonly Memory? _memory = options.Memory is { } index ? instance.CoreMemories[index] : null;
    Func<int, int, int, int, int>? _narrowRealloc;
    Func<long, long, long, long, long>? _wideRealloc;
    long _heapLeft;

    internal InstanceState Instance { get; } = instance;

    Memory Memory => _memory!;

    /// <summary>Before values are read: what they may take on the host's heap.</summary>
    internal void Begin() => _heapLeft = CallScope.MostHeap;

    /// <exception cref="ComponentTrap">The guest gives room for values or clears up after a call.</exception>
    internal void BeginImport()
    {
        Instance.RequireMayLeave();
        _heapLeft = CallScope.MostHeap;
    }

    internal byte ReadU8(ulong address) => Memory.Read<byte>(address);

    internal ushort ReadU16(ulong address) => Memory.Read<ushort>(address);

    internal uint ReadU32(ulong address) => Memory.Read<uint>(address);

    internal ulong ReadU64(ulong address) => Memory.Read<ulong>(address);

    internal void WriteU8(ulong address, byte value) => Memory.Write(address, value);

    internal void WriteU16(ulong address, ushort value) => Memory.Write(address, value);

    internal void WriteU32(ulong address, uint value) => Memory.Write(address, value);

    internal void WriteU64(ulong address, ulong value) => Memory.Write(address, value);

    /// <summary>Which of so many cases it is.</summary>
    internal static int Case(uint discriminant, int count) =>
        discriminant < (uint)count ? (int)discriminant : throw new ComponentTrap("invalid variant discriminant");

    /// <summary>Checks where a guest says that values lie.</summary>
    internal ulong Check(ulong address, ulong size, int alignment)
    {
        Bytes(address, size, alignment, "pointer");
        return address;
    }

    /// <summary>The same, of values that are read, for which their guest pays.</summary>
    internal ulong CheckRead(ulong address, ulong size, int alignment, long heapBytes)
    {
        Charge(1, heapBytes);
        return Check(address, size, alignment);
    }

    /// <summary>Bytes of the guest's memory.</summary>
    /// <exception cref="ComponentTrap">They are not all in it, or not aligned.</exception>
    Span<byte> Bytes(ulong address, ulong size, int alignment, string what)
    {
        if ((address & (ulong)(alignment - 1)) != 0)
            throw ComponentTrap.Unaligned();
        var length = Memory.ByteLength;
        return address <= length && size <= length - address ? Memory.Slice(address, (int)size) : throw new ComponentTrap($"{what} out-of-bounds");
    }

    /// <summary>Asks the guest for room; what it says is checked.</summary>
    internal ulong Allocate(int alignment, ulong size) => Reallocate(0, 0, alignment, size);

    /// <summary>Asks the guest for more room or less, with what is there.</summary>
    ulong Reallocate(ulong old, ulong oldSize, int alignment, ulong size)
    {
        if (!options.IsWide && size > uint.MaxValue)
            throw new ArgumentException("the value is larger than a guest's memory", nameof(size));
        Instance.MayLeave = false;
        var outer = Instance.Push();
        ulong address;
        try
        {
            address = options.IsWide
                ? (ulong)(_wideRealloc ??= Realloc<Func<long, long, long, long, long>>())((long)old, (long)oldSize, alignment, (long)size)
                : (uint)(_narrowRealloc ??= Realloc<Func<int, int, int, int, int>>())((int)(uint)old, (int)(uint)oldSize, alignment, (int)(uint)size);
        }
        catch (GuestException e)
        {
            throw ComponentTrap.Uncaught(e);
        }

        Instance.Pop(outer);
        Instance.MayLeave = true;
        if ((address & (ulong)(alignment - 1)) != 0)
            throw new ComponentTrap("realloc return: result not aligned");
        return address <= Memory.ByteLength && size <= Memory.ByteLength - address
            ? address
            : throw new ComponentTrap("realloc return: beyond end of memory");
    }

    /// <summary>Pays for what values take on the host's heap: lists may share memory in the guest, so that a small one could hold more than any host has.</summary>
    void Charge(ulong count, long bytesEach)
    {
        if (count > (ulong)(_heapLeft / bytesEach))
            throw new ComponentTrap("the values of one call take too much memory");
        _heapLeft -= (long)count * bytesEach;
    }

    T Realloc<T>()
        where T : Delegate => Instance.CoreFunctions[options.Realloc!.Value].AsDelegate<T>();

    /// <summary>Objects that a guest must have been given.</summary>
    internal static T NotNull<T>([NotNull] T? value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
