using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Components;

/// <summary>
/// Reads values out of a guest, from its core values and its memory (Canonical ABI, "Loading" and "Flat Lifting"). Recursion follows types, whose depth
/// is bounded.
/// </summary>
sealed class Lifting(AbiContext context, long[] flat)
{
    /// <summary>Bytes that the items of a list may take.</summary>
    const ulong MostListBytes = (1 << 28) - 1;

    const int CanonicalNaN32 = 0x7FC00000;
    const long CanonicalNaN64 = 0x7FF8000000000000;

    int _next;

    /// <summary>The next core value.</summary>
    internal long Next() => flat[_next++];

    /// <summary>An address or length, which may share its place with something wider.</summary>
    internal ulong NextPointer() => context.IsWide ? (ulong)Next() : (uint)Next();

    /// <summary>The values of the types, which were passed in memory when they are too many.</summary>
    internal object?[] Values(WitType[] types, int most)
    {
        if (FitsFlat(types, most, context.IsWide))
            return Array.ConvertAll(types, LiftFlat);
        var layout = Layout.Sequence(types, context.IsWide);
        var address = NextPointer();
        context.Bytes(address, (ulong)layout.Size, layout.Alignment, "pointer");
        return LoadSequence(address, types);
    }

    internal static bool FitsFlat(WitType[] types, int most, bool wide)
    {
        var kinds = new List<Wasm.ValueKind>();
        return Array.TrueForAll(types, type => type.TryFlatten(kinds, most, wide));
    }

    object? LiftFlat(WitType type)
    {
        switch (type)
        {
            case PrimitiveType { Kind: PrimitiveKind.String }:
                var begin = NextPointer();
                return Strings.Load(context, begin, NextPointer());
            case PrimitiveType primitive: return LiftPrimitive(primitive.Kind, Next());
            case ListType { Length: { } length } list:
                context.Charge(length, CallScope.ItemBytes);
                var items = new object?[length];
                for (var i = 0; i < items.Length; i++)
                    items[i] = LiftFlat(list.Element);
                return items;
            case ListType list:
                var first = NextPointer();
                return LoadList(list, first, NextPointer());
            case RecordType record: return record.Types.Select(LiftFlat).ToArray();
            case VariantType variant: return LiftFlatVariant(variant);
            case FlagsType flags: return (uint)Next() & flags.Mask;
            case HandleType handle: return LiftHandle(handle, (uint)Next());
            case ChannelType channel: return LiftChannel(channel, (uint)Next());
            default: throw new ComponentTrap($"values of type {type} are not supported");
        }
    }

    VariantValue LiftFlatVariant(VariantType variant)
    {
        var kinds = new List<Wasm.ValueKind>();
        variant.TryFlatten(kinds, int.MaxValue, context.IsWide);
        var end = _next + kinds.Count;
        var which = CaseOf(variant, (uint)Next());
        var value = variant.Cases[which].Type is { } type ? LiftFlat(type) : null;
        _next = end;
        return new(which, value);
    }

    static int CaseOf(VariantType variant, uint discriminant) =>
        discriminant < (uint)variant.Cases.Length ? (int)discriminant : throw new ComponentTrap("invalid variant discriminant");

    static object LiftPrimitive(PrimitiveKind kind, long bits) => kind switch
    {
        PrimitiveKind.Bool => (uint)bits != 0,
        PrimitiveKind.S8 => (sbyte)bits,
        PrimitiveKind.U8 => (byte)bits,
        PrimitiveKind.S16 => (short)bits,
        PrimitiveKind.U16 => (ushort)bits,
        PrimitiveKind.S32 => (int)bits,
        PrimitiveKind.U32 => (uint)bits,
        PrimitiveKind.S64 => bits,
        PrimitiveKind.U64 => (ulong)bits,
        PrimitiveKind.F32 => BitConverter.Int32BitsToSingle(float.IsNaN(BitConverter.Int32BitsToSingle((int)bits)) ? CanonicalNaN32 : (int)bits),
        PrimitiveKind.F64 => BitConverter.Int64BitsToDouble(double.IsNaN(BitConverter.Int64BitsToDouble(bits)) ? CanonicalNaN64 : bits),
        PrimitiveKind.Char => Rune.IsValid((uint)bits) ? new Rune((uint)bits) : throw new ComponentTrap($"invalid `char` bit pattern 0x{(uint)bits:x}"),
        _ => throw new ComponentTrap("values of type error-context are not supported"),
    };

    object? Load(WitType type, ulong address)
    {
        switch (type)
        {
            case PrimitiveType { Kind: PrimitiveKind.String }:
                return Strings.Load(context, Integer(address, context.AddressBytes), Integer(address + (ulong)context.AddressBytes, context.AddressBytes));
            case PrimitiveType primitive: return LiftPrimitive(primitive.Kind, (long)Integer(address, (int)primitive.LayoutIn(false).Size));
            case ListType { Length: { } length } list: return LoadItems(list.Element, address, (int)length);
            case ListType list:
                return LoadList(list, Integer(address, context.AddressBytes), Integer(address + (ulong)context.AddressBytes, context.AddressBytes));
            case RecordType record: return LoadSequence(address, record.Types.AsSpan());
            case VariantType variant: return LoadVariant(variant, address);
            case FlagsType flags: return (uint)Integer(address, (int)flags.LayoutIn(false).Size) & flags.Mask;
            case HandleType handle: return LiftHandle(handle, (uint)Integer(address, 4));
            case ChannelType channel: return LiftChannel(channel, (uint)Integer(address, 4));
            default: throw new ComponentTrap($"values of type {type} are not supported");
        }
    }

    object?[] LoadSequence(ulong address, ReadOnlySpan<WitType> types)
    {
        context.Charge((ulong)types.Length, CallScope.ItemBytes);
        var values = new object?[types.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var layout = types[i].LayoutIn(context.IsWide);
            address = (ulong)Layout.Align((long)address, layout.Alignment);
            values[i] = Load(types[i], address);
            address += (ulong)layout.Size;
        }

        return values;
    }

    VariantValue LoadVariant(VariantType variant, ulong address)
    {
        var size = Layout.Discriminant(variant.Cases.Length);
        var which = CaseOf(variant, (uint)Integer(address, size));
        context.Charge(1, CallScope.ItemBytes);
        return variant.Cases[which].Type is { } type
            ? new(which, Load(type, address + (ulong)variant.PayloadOffset(context.IsWide)))
            : new(which);
    }

    object LoadList(ListType list, ulong address, ulong length)
    {
        var layout = list.Element.LayoutIn(context.IsWide);
        var size = layout.Size == 0 ? 0 : length > MostListBytes / (ulong)layout.Size ? ulong.MaxValue : length * (ulong)layout.Size;
        if (size > MostListBytes)
            throw new ComponentTrap("list content out-of-bounds: a list is too long");
        var bytes = context.Bytes(address, size, layout.Alignment, "list content");
        if (list.Element is not PrimitiveType { Kind: PrimitiveKind.U8 })
            return LoadItems(list.Element, address, (int)length);
        context.Charge(length, 1);
        return bytes.ToArray();
    }

    /// <summary>Values one after the other, whose place has been checked.</summary>
    internal object?[] LoadItems(WitType element, ulong address, int count)
    {
        context.Charge((ulong)count, CallScope.ItemBytes);
        var items = new object?[count];
        var size = (ulong)element.LayoutIn(context.IsWide).Size;
        for (var i = 0; i < count; i++)
            items[i] = Load(element, address + (size * (ulong)i));
        return items;
    }

    ulong Integer(ulong address, int bytes)
    {
        var from = context.Memory.Slice(address, bytes);
        return bytes switch
        {
            1 => from[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(from),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(from),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(from),
        };
    }

    /// <summary>The guest gives away the end.</summary>
    ChannelValue LiftChannel(ChannelType type, uint index)
    {
        var end = context.Instance.Handles.Get<ChannelEnd>(index, "an end of a stream or future");
        end.RequireType(type, context.Instance, readable: true);
        var value = new ChannelValue(end.Give());
        context.Instance.Handles.RemoveHeavy(index, ChannelEnd.Elements);
        return value;
    }

    ResourceValue LiftHandle(HandleType type, uint index)
    {
        var resource = context.Instance.ResourceOf(type.Resource);
        var handle = ResourceFunctions.Find(context.Instance, resource, index);
        if (type.IsBorrow)
        {
            var lent = new ResourceValue(resource, handle.Representation, isOwn: false, handle.Target);
            context.Scope.Lend(handle, lent);
            return lent;
        }

        if (handle.Lends != 0)
            throw new ComponentTrap("cannot remove owned resource while borrowed");
        if (!handle.IsOwn)
            throw new ComponentTrap("cannot lift own resource from a borrow");
        context.Instance.Handles.Remove(index);
        return new(resource, handle.Representation, isOwn: true, handle.Target);
    }
}
