using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Components;

/// <summary>
/// Reads values that <see cref="ValueWriter"/> has written, or anybody else: every length is held against the bytes that are there before anything is
/// made, and what the values take on the heap is bounded. Recursion follows types, whose depth is bounded.
/// </summary>
ref struct ValueReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Of the heap, what a value takes with the place where it lies.</summary>
    const int ValueBytes = 40;

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _at;
    long _heapLeft = CallScope.MostHeap;

    internal readonly bool IsAtEnd => _at == _bytes.Length;

    /// <summary>Bytes that have not been read.</summary>
    internal readonly ReadOnlySpan<byte> Rest => _bytes[_at..];

    /// <exception cref="InvalidDataException">The bytes are no value of the type.</exception>
    internal object? Read(WitType type)
    {
        Charge(1, ValueBytes);
        switch (type)
        {
            case PrimitiveType primitive: return ReadPrimitive(primitive.Kind);
            case ListType { Length: null, Element: PrimitiveType { Kind: PrimitiveKind.U8 } }:
                var content = Counted();
                Charge(content.Length, 1);
                return content.ToArray();
            case ListType list: return ReadItems(list);
            case RecordType record:
                var fields = new object?[record.Types.Length];
                for (var i = 0; i < fields.Length; i++)
                    fields[i] = Read(record.Types[i]);
                return fields;
            case VariantType variant:
                var which = Unsigned(32);
                if (which >= (ulong)variant.Cases.Length)
                    throw Invalid($"a {variant.Form.ToString().ToLowerInvariant()} of {variant.Cases.Length} cases cannot be case {which}");
                return new VariantValue((int)which, variant.Cases[(int)which].Type is { } value ? Read(value) : null);
            case FlagsType flags: return ReadFlags(flags);
            default: throw Invalid($"there are no values of type {type} in messages");
        }
    }

    object?[] ReadItems(ListType list)
    {
        // Each value takes a byte at least.
        var count = list.Length ?? Unsigned(32);
        if (count > (ulong)Rest.Length)
            throw Invalid($"a list of {count} items is to lie in {Rest.Length} bytes");
        Charge((long)count, sizeof(long));
        var items = new object?[(int)count];
        for (var i = 0; i < items.Length; i++)
            items[i] = Read(list.Element);
        return items;
    }

    uint ReadFlags(FlagsType flags)
    {
        var bits = 0u;
        for (var i = 0; i < flags.Labels.Length; i += 8)
            bits |= (uint)Byte() << i;
        return (bits & ~flags.Mask) == 0 ? bits : throw Invalid("a bit is set that is no flag's");
    }

    object ReadPrimitive(PrimitiveKind kind)
    {
        switch (kind)
        {
            case PrimitiveKind.Bool:
                var flag = Byte();
                return flag <= 1 ? flag == 1 : throw Invalid($"a bool is 0 or 1, not {flag}");
            case PrimitiveKind.U8: return Byte();
            case PrimitiveKind.S8: return (sbyte)Byte();
            case PrimitiveKind.U16: return (ushort)Unsigned(16);
            case PrimitiveKind.S16: return (short)Signed(16);
            case PrimitiveKind.U32: return (uint)Unsigned(32);
            case PrimitiveKind.S32: return (int)Signed(32);
            case PrimitiveKind.U64: return Unsigned(64);
            case PrimitiveKind.S64: return Signed(64);
            case PrimitiveKind.F32:
                var single = BinaryPrimitives.ReadSingleLittleEndian(Take(4));
                return BitConverter.SingleToInt32Bits(Boundary.ToSingle(single)) == BitConverter.SingleToInt32Bits(single) ? single : throw Invalid("there is one NaN, 0x7fc00000");
            case PrimitiveKind.F64:
                var number = BinaryPrimitives.ReadDoubleLittleEndian(Take(8));
                return BitConverter.DoubleToInt64Bits(Boundary.ToDouble(number)) == BitConverter.DoubleToInt64Bits(number) ? number : throw Invalid("there is one NaN, 0x7ff8000000000000");
            case PrimitiveKind.Char:
                if (Rune.DecodeFromUtf8(Rest, out var letter, out var length) != System.Buffers.OperationStatus.Done)
                    throw Invalid("a char is one character of UTF-8");
                _at += length;
                return letter;
            case PrimitiveKind.String: return Text();
            default: throw Invalid($"there are no values of type {PrimitiveType.Of(kind)} in messages");
        }
    }

    internal string Text()
    {
        var text = Counted();
        Charge(text.Length, sizeof(char));
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Invalid("a string is no UTF-8");
        }
    }

    internal ReadOnlySpan<byte> Take(int count)
    {
        if (count > Rest.Length)
            throw Invalid($"{count} bytes were to follow and {Rest.Length} are there");
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    /// <summary>A number of so many bits, which the encoding gives no more bytes than they need at most.</summary>
    internal ulong Unsigned(int bits)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var part = Byte();
            var left = bits - shift;
            if (left < 8 && part >> left != 0)
                throw Invalid($"a number has more than {bits} bits");
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }

    long Signed(int bits)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var part = Byte();
            var left = bits - shift;
            // In the last byte, what is beyond the bits repeats the sign.
            if (left < 8 && (part >= 0x80 || (sbyte)(part << 1) >> left is not (0 or -1)))
                throw Invalid($"a number has more than {bits} bits");
            value |= (long)(part & 0x7F) << shift;
            if (part >= 0x80)
                continue;
            shift += 7;
            return shift < 64 && (part & 0x40) != 0 ? value | (-1L << shift) : value;
        }
    }

    internal byte Byte() => Take(1)[0];

    ReadOnlySpan<byte> Counted()
    {
        var count = Unsigned(32);
        return count <= (ulong)Rest.Length ? Take((int)count) : throw Invalid($"{count} bytes were to follow and {Rest.Length} are there");
    }

    void Charge(long count, int bytesEach)
    {
        _heapLeft -= count * bytesEach;
        if (_heapLeft < 0)
            throw Invalid("the values of one call take too much memory");
    }

    readonly InvalidDataException Invalid(string why) => new($"at byte {_at}: {why}");
}
