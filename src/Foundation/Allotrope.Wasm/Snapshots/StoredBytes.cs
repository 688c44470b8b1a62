using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>Numbers in fields and elements as bytes, as wide as they are kept and little-endian, as all machines supported are.</summary>
static class StoredBytes
{
    /// <summary>All elements of an array of numbers.</summary>
    internal static Span<byte> Of(Array numbers) =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(numbers), checked(numbers.Length * WidthOf(numbers.GetType().GetElementType()!)));

    internal static int WidthOf(Type stored) =>
        stored == typeof(byte) ? 1
        : stored == typeof(ushort) ? 2
        : stored == typeof(int) || stored == typeof(float) ? 4
        : stored == typeof(Vector128<byte>) ? 16
        : 8;

    internal static void Write(StateWriter to, object number)
    {
        switch (number)
        {
            case byte value: to.Byte(value); break;
            case ushort value: Put(to, value); break;
            case int value: Put(to, value); break;
            case float value: Put(to, value); break;
            case long value: Put(to, value); break;
            case double value: Put(to, value); break;
            case Vector128<byte> value: Put(to, value); break;
            default: throw new InvalidOperationException($"a field holds {number.GetType()}");
        }
    }

    /// <summary>A number as a field of the type holds it.</summary>
    internal static object Read(StateReader from, Type stored)
    {
        var bytes = from.Raw(WidthOf(stored));
        return stored == typeof(byte) ? bytes[0]
            : stored == typeof(ushort) ? MemoryMarshal.Read<ushort>(bytes)
            : stored == typeof(int) ? MemoryMarshal.Read<int>(bytes)
            : stored == typeof(float) ? MemoryMarshal.Read<float>(bytes)
            : stored == typeof(long) ? MemoryMarshal.Read<long>(bytes)
            : stored == typeof(double) ? MemoryMarshal.Read<double>(bytes)
            : (object)MemoryMarshal.Read<Vector128<byte>>(bytes);
    }

    static void Put<T>(StateWriter to, T value)
        where T : unmanaged => to.Raw(MemoryMarshal.AsBytes(new Span<T>(ref value)));
}
