using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Allotrope.Kernel;

namespace Allotrope.KeyValue;

/// <summary>
/// A value as it lies in a bucket: one byte for its kind, then a value's bytes (of a text, its UTF-8; of a number, its digits), or a list's or set's
/// items as a MessagePack array.
/// </summary>
static class StoredValue
{
    const byte ValueKind = (byte)'v';
    const byte ListKind = (byte)'l';
    const byte SetKind = (byte)'s';

    public static ReadOnlyMemory<byte> OfText(string text) => OfBytes(Encoding.UTF8.GetBytes(text));

    public static ReadOnlyMemory<byte> OfNumber(Int128 number) => OfText(number.ToString(CultureInfo.InvariantCulture));

    public static ReadOnlyMemory<byte> OfBytes(ReadOnlySpan<byte> bytes)
    {
        CheckLength(ValueKind, 1L + bytes.Length);
        return (byte[])[ValueKind, .. bytes];
    }

    /// <summary>Whether it is a value, and no list or set.</summary>
    public static bool IsValue(ReadOnlyMemory<byte> stored) => stored.Span is [ValueKind, ..];

    public static ReadOnlyMemory<byte> ToBytes(ReadOnlyMemory<byte> stored) => Content(stored, ValueKind);

    public static string ToText(ReadOnlyMemory<byte> stored) => ToBytes(stored) is var bytes && Utf8.IsValid(bytes.Span)
        ? Encoding.UTF8.GetString(bytes.Span)
        : throw new FaultException(new Fault.Invalid("key", "The key holds bytes that are no text: only components can read them."));

    public static ReadOnlyMemory<byte> OfList(IReadOnlyCollection<string> items) => OfItems(ListKind, items);

    public static List<string> ToList(ReadOnlyMemory<byte> stored) => ToItems(stored, ListKind);

    /// <summary>Sorted, so that equal sets are equal bytes and every answer has the same order.</summary>
    public static ReadOnlyMemory<byte> OfSet(SortedSet<string> items) => OfItems(SetKind, items);

    public static SortedSet<string> ToSet(ReadOnlyMemory<byte> stored) => new(ToItems(stored, SetKind), StringComparer.Ordinal);

    static ReadOnlyMemory<byte> OfItems(byte kind, IReadOnlyCollection<string> items)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write([kind]);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(items.Count);
        foreach (var item in items)
            writer.Write(item);
        CheckLength(kind, output.WrittenCount);
        return output.WrittenMemory;
    }

    static List<string> ToItems(ReadOnlyMemory<byte> stored, byte kind)
    {
        var reader = new MessagePackReader(Content(stored, kind).Span);
        List<string> items = new(reader.ReadArrayHeader());
        for (var i = items.Capacity; i > 0; i--)
            items.Add(reader.ReadString());
        return items;
    }

    static ReadOnlyMemory<byte> Content(ReadOnlyMemory<byte> stored, byte kind) => stored.Span[0] == kind
        ? stored[1..]
        : throw new FaultException(new Fault.Invalid(
            "key", $"The key holds a {NameOf(stored.Span[0])}, not a {NameOf(kind)}: use another key, or delete this one first."));

    static void CheckLength(byte kind, long length)
    {
        if (length > KeyValueLimits.ValueLength)
            throw new FaultException(new Fault.Exhausted(
                $"The {NameOf(kind)} would have {length} bytes; {KeyValueLimits.ValueLength} are the most: spread it over several keys."));
    }

    static string NameOf(byte kind) => kind switch
    {
        ValueKind => "value",
        ListKind => "list",
        _ => "set",
    };
}
