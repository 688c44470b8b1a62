using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Components;

/// <summary>Writes values as the binary format of components encodes them (docs/reference/component-values.md). What they are is not said: the reader knows.</summary>
/// <remarks>Values are as <see cref="ComponentInstance"/> lists them. Recursion follows types, whose depth is bounded.</remarks>
readonly ref struct ValueWriter(IBufferWriter<byte> to)
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">The value is none of the type.</exception>
    internal void Write(WitType type, object? value)
    {
        switch (type)
        {
            case PrimitiveType primitive: WritePrimitive(primitive.Kind, value); break;
            case ListType { Length: null, Element: PrimitiveType { Kind: PrimitiveKind.U8 } } when value is byte[] bytes:
                Unsigned((ulong)bytes.Length);
                to.Write(bytes);
                break;
            case ListType list: WriteItems(list, value); break;
            case RecordType record:
                var fields = value is object?[] given && given.Length == record.Types.Length ? given : throw NoneOf(type, value);
                for (var i = 0; i < fields.Length; i++)
                    Write(record.Types[i], fields[i]);
                break;
            case VariantType variant: WriteVariant(variant, value); break;
            case FlagsType flags: WriteFlags(flags, value); break;
            default: throw NoneOf(type, value);
        }
    }

    void WriteItems(ListType list, object? value)
    {
        if (value is byte[] bytes)
            value = Array.ConvertAll(bytes, each => (object?)each);
        if (value is not object?[] items || (list.Length is { } length && length != items.Length))
            throw NoneOf(list, value);
        if (list.Length is null)
            Unsigned((ulong)items.Length);
        foreach (var item in items)
            Write(list.Element, item);
    }

    void WriteVariant(VariantType variant, object? value)
    {
        if (value is not VariantValue(var which, var content) || (uint)which >= (uint)variant.Cases.Length)
            throw NoneOf(variant, value);
        Unsigned((ulong)which);
        if (variant.Cases[which].Type is { } type)
            Write(type, content);
    }

    void WriteFlags(FlagsType flags, object? value)
    {
        if (value is not uint bits)
            throw NoneOf(flags, value);
        for (var i = 0; i < flags.Labels.Length; i += 8)
            Byte((byte)((bits & flags.Mask) >> i));
    }

    void WritePrimitive(PrimitiveKind kind, object? value)
    {
        switch (kind, value)
        {
            case (PrimitiveKind.Bool, bool flag): Byte(flag ? (byte)1 : (byte)0); break;
            case (PrimitiveKind.U8, byte number): Byte(number); break;
            case (PrimitiveKind.S8, sbyte number): Byte((byte)number); break;
            case (PrimitiveKind.U16, ushort number): Unsigned(number); break;
            case (PrimitiveKind.S16, short number): Signed(number); break;
            case (PrimitiveKind.U32, uint number): Unsigned(number); break;
            case (PrimitiveKind.S32, int number): Signed(number); break;
            case (PrimitiveKind.U64, ulong number): Unsigned(number); break;
            case (PrimitiveKind.S64, long number): Signed(number); break;
            case (PrimitiveKind.F32, float number):
                BinaryPrimitives.WriteSingleLittleEndian(to.GetSpan(4), Boundary.ToSingle(number));
                to.Advance(4);
                break;
            case (PrimitiveKind.F64, double number):
                BinaryPrimitives.WriteDoubleLittleEndian(to.GetSpan(8), Boundary.ToDouble(number));
                to.Advance(8);
                break;
            case (PrimitiveKind.Char, Rune letter): to.Advance(letter.EncodeToUtf8(to.GetSpan(4))); break;
            case (PrimitiveKind.String, string text): Text(text); break;
            case (PrimitiveKind.String, GuestString text): Text(text.Text); break;
            default: throw NoneOf(PrimitiveType.Of(kind), value);
        }
    }

    internal void Text(string text)
    {
        var count = Utf8.GetByteCount(text);
        Unsigned((ulong)count);
        Utf8.GetBytes(text, to.GetSpan(count));
        to.Advance(count);
    }

    internal void Unsigned(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    void Signed(long value)
    {
        for (; value is < -64 or > 63; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)(value & 0x7F));
    }

    internal void Byte(byte value)
    {
        to.GetSpan(1)[0] = value;
        to.Advance(1);
    }

    static ArgumentException NoneOf(WitType type, object? value) => new($"{value ?? "null"} is no {type}", nameof(value));
}
