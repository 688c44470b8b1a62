using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Components;

/// <summary>Writes values into a guest, as core values and to its memory (Canonical ABI, "Storing" and "Flat Lowering").</summary>
sealed class Lowering(AbiContext context)
{
    readonly List<long> _flat = [];

    /// <summary>The core values that stand for the values, which are passed in memory when they are too many.</summary>
    internal long[] Values(object?[] values, WitType[] types, int most)
    {
        if (values.Length != types.Length)
            throw new ArgumentException($"{values.Length} arguments were given where {types.Length} are wanted", nameof(values));
        if (!Lifting.FitsFlat(types, most, context.IsWide))
        {
            var layout = Layout.Sequence(types, context.IsWide);
            var address = context.Allocate(layout.Alignment, (ulong)layout.Size);
            StoreSequence(values, types, address);
            return [(long)address];
        }

        for (var i = 0; i < values.Length; i++)
            LowerFlat(values[i], types[i]);
        return [.. _flat];
    }

    /// <summary>The same for results, for which the caller has passed an address when they are too many.</summary>
    internal long[] Results(object?[] values, WitType[] types, int most, Lifting arguments)
    {
        if (Lifting.FitsFlat(types, most, context.IsWide))
            return Values(values, types, most);
        var layout = Layout.Sequence(types, context.IsWide);
        var address = arguments.NextPointer();
        context.Bytes(address, (ulong)layout.Size, layout.Alignment, "pointer");
        StoreSequence(values, types, address);
        return [];
    }

    void LowerFlat(object? value, WitType type)
    {
        switch (type)
        {
            case PrimitiveType { Kind: PrimitiveKind.String }:
                var (begin, units) = Strings.Store(context, GuestString.Of(value));
                _flat.Add((long)begin);
                _flat.Add((long)units);
                break;
            case PrimitiveType primitive: _flat.Add(LowerPrimitive(primitive.Kind, value)); break;
            case ListType { Length: not null } list:
                foreach (var item in Items(value, list))
                    LowerFlat(item, list.Element);
                break;
            case ListType list:
                var (first, length) = StoreList(value, list);
                _flat.Add((long)first);
                _flat.Add((long)length);
                break;
            case RecordType record:
                var fields = Fields(value, record);
                for (var i = 0; i < fields.Length; i++)
                    LowerFlat(fields[i], record.Types[i]);
                break;
            case VariantType variant: LowerFlatVariant(value, variant); break;
            case FlagsType flags: _flat.Add(FlagsOf(value, flags)); break;
            case HandleType handle: _flat.Add(LowerHandle(handle, value)); break;
            case ChannelType channel: _flat.Add(LowerChannel(channel, value)); break;
            default: throw new ComponentTrap($"values of type {type} are not supported");
        }
    }

    void LowerFlatVariant(object? value, VariantType variant)
    {
        var kinds = new List<Wasm.ValueKind>();
        variant.TryFlatten(kinds, int.MaxValue, context.IsWide);
        var end = _flat.Count + kinds.Count;
        var (which, content) = CaseOf(value, variant);
        _flat.Add(which);
        if (variant.Cases[which].Type is { } type)
            LowerFlat(content, type);
        while (_flat.Count < end)
            _flat.Add(0);
    }

    static VariantValue CaseOf(object? value, VariantType variant)
    {
        var chosen = Of<VariantValue>(value, variant);
        return (uint)chosen.Case < (uint)variant.Cases.Length
            ? chosen
            : throw new ArgumentException($"case {chosen.Case} is none of {variant}", nameof(value));
    }

    /// <summary>A core value of 32 bits is in the lower half, the upper one zero.</summary>
    static long LowerPrimitive(PrimitiveKind kind, object? value) => (kind, value) switch
    {
        (PrimitiveKind.Bool, bool flag) => flag ? 1 : 0,
        (PrimitiveKind.S8, sbyte number) => (uint)number,
        (PrimitiveKind.U8, byte number) => number,
        (PrimitiveKind.S16, short number) => (uint)number,
        (PrimitiveKind.U16, ushort number) => number,
        (PrimitiveKind.S32, int number) => (uint)number,
        (PrimitiveKind.U32, uint number) => number,
        (PrimitiveKind.S64, long number) => number,
        (PrimitiveKind.U64, ulong number) => (long)number,
        (PrimitiveKind.F32, float number) => BitConverter.SingleToUInt32Bits(number),
        (PrimitiveKind.F64, double number) => BitConverter.DoubleToInt64Bits(number),
        (PrimitiveKind.Char, Rune letter) => letter.Value,
        (PrimitiveKind.ErrorContext, _) => throw new ComponentTrap("values of type error-context are not supported"),
        _ => throw new ArgumentException($"{value ?? "null"} is no {kind}", nameof(value)),
    };

    void Store(object? value, WitType type, ulong address)
    {
        switch (type)
        {
            case PrimitiveType { Kind: PrimitiveKind.String }: StorePair(Strings.Store(context, GuestString.Of(value)), address); break;
            case PrimitiveType primitive: Integer(LowerPrimitive(primitive.Kind, value), address, (int)primitive.LayoutIn(false).Size); break;
            case ListType { Length: not null } list: StoreItems(Items(value, list), list.Element, address); break;
            case ListType list: StorePair(StoreList(value, list), address); break;
            case RecordType record: StoreSequence(Fields(value, record), record.Types.AsSpan(), address); break;
            case VariantType variant: StoreVariant(value, variant, address); break;
            case FlagsType flags: Integer(FlagsOf(value, flags), address, (int)flags.LayoutIn(false).Size); break;
            case HandleType handle: Integer(LowerHandle(handle, value), address, 4); break;
            case ChannelType channel: Integer(LowerChannel(channel, value), address, 4); break;
            default: throw new ComponentTrap($"values of type {type} are not supported");
        }
    }

    void StorePair((ulong Begin, ulong Length) pair, ulong address)
    {
        Integer((long)pair.Begin, address, context.AddressBytes);
        Integer((long)pair.Length, address + (ulong)context.AddressBytes, context.AddressBytes);
    }

    void StoreSequence(object?[] values, ReadOnlySpan<WitType> types, ulong address)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var layout = types[i].LayoutIn(context.IsWide);
            address = (ulong)Layout.Align((long)address, layout.Alignment);
            Store(values[i], types[i], address);
            address += (ulong)layout.Size;
        }
    }

    void StoreVariant(object? value, VariantType variant, ulong address)
    {
        var (which, content) = CaseOf(value, variant);
        Integer(which, address, Layout.Discriminant(variant.Cases.Length));
        if (variant.Cases[which].Type is { } type)
            Store(content, type, address + (ulong)variant.PayloadOffset(context.IsWide));
    }

    (ulong Begin, ulong Length) StoreList(object? value, ListType list)
    {
        var layout = list.Element.LayoutIn(context.IsWide);
        if (value is byte[] bytes && list.Element is PrimitiveType { Kind: PrimitiveKind.U8 })
        {
            var begin = context.Allocate(1, (ulong)bytes.Length);
            bytes.CopyTo(context.Memory.Slice(begin, bytes.Length));
            return (begin, (ulong)bytes.Length);
        }

        var items = Items(value, list);
        var address = context.Allocate(layout.Alignment, (ulong)items.Length * (ulong)layout.Size);
        StoreItems(items, list.Element, address);
        return (address, (ulong)items.Length);
    }

    /// <summary>Values one after the other, whose place has been checked.</summary>
    internal void StoreItems(object?[] items, WitType element, ulong address)
    {
        var size = (ulong)element.LayoutIn(context.IsWide).Size;
        for (var i = 0; i < items.Length; i++)
            Store(items[i], element, address + (size * (ulong)i));
    }

    void Integer(long value, ulong address, int bytes)
    {
        var to = context.Memory.Slice(address, bytes);
        switch (bytes)
        {
            case 1: to[0] = (byte)value; break;
            case 2: BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)value); break;
            case 4: BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)value); break;
            default: BinaryPrimitives.WriteInt64LittleEndian(to, value); break;
        }
    }

    /// <summary>The instance that defines a resource is lent what it is itself; all others a handle.</summary>
    long LowerHandle(HandleType type, object? value)
    {
        var resource = context.Instance.ResourceOf(type.Resource);
        if (value is HostObject { Target: var target })
        {
            value = resource is HostResource host && host.Type.IsInstanceOfType(target)
                ? new ResourceValue(resource, 0, isOwn: true, target)
                : throw new ArgumentException($"{target} was given where {type} is wanted", nameof(value));
        }

        var given = Of<ResourceValue>(value, type);
        if (given.Type != resource)
            throw new ArgumentException($"a resource of another type was given where {type} is wanted", nameof(value));
        if (!type.IsBorrow)
            return context.Instance.Handles.Add(new ResourceHandle(resource, given.Give().Representation, null, given.Target));
        given.Lend();
        if (resource.Definer == context.Instance)
            return Boundary.RequireNarrow(given.Representation);
        context.Scope.Borrowed++;
        return context.Instance.Handles.Add(new ResourceHandle(resource, given.Representation, context.Scope, given.Target));
    }

    uint LowerChannel(ChannelType type, object? value)
    {
        var given = Of<ChannelValue>(value, type);
        if (!given.Channel.IsOf(type, context.Instance))
            throw new ArgumentException($"an end of something else was given where {type} is wanted", nameof(value));
        // Nobody would give its writer a turn while its reader waits, and two threads could be at it.
        if (given.Channel.Loop != context.Instance.Tasks.Loop)
            throw new ArgumentException($"a {type} goes only to components of the store or composition that it was made in", nameof(value));
        return context.Instance.Handles.AddHeavy(new ChannelEnd(given.Give(), type.IsFuture, isReadable: true), ChannelEnd.Elements);
    }

    static object?[] Items(object? value, ListType list)
    {
        var items = value is byte[] bytes ? Array.ConvertAll(bytes, item => (object?)item) : Of<object?[]>(value, list);
        return list.Length is { } length && items.Length != length
            ? throw new ArgumentException($"{items.Length} items were given where {list} is wanted", nameof(value))
            : items;
    }

    static object?[] Fields(object? value, RecordType record)
    {
        var fields = Of<object?[]>(value, record);
        return fields.Length == record.Types.Length
            ? fields
            : throw new ArgumentException($"{fields.Length} fields were given where {record} is wanted", nameof(value));
    }

    static uint FlagsOf(object? value, FlagsType flags) => Of<uint>(value, flags) & flags.Mask;

    static T Of<T>(object? value, WitType type) =>
        value is T given ? given : throw new ArgumentException($"{value ?? "null"} is no {type}", nameof(value));
}
