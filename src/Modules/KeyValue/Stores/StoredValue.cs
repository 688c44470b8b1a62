using System.Buffers;
using System.Text;
using Allotrope.Kernel;

namespace Allotrope.KeyValue;

/// <summary>A value as it lies in a bucket: one byte for its kind, then a text's UTF-8, or a list's or set's items as a MessagePack array.</summary>
static class StoredValue
{
    const byte TextKind = (byte)'v';
    const byte ListKind = (byte)'l';
    const byte SetKind = (byte)'s';

    public static ReadOnlyMemory<byte> OfText(string text)
    {
        var stored = new byte[1 + Encoding.UTF8.GetByteCount(text)];
        stored[0] = TextKind;
        Encoding.UTF8.GetBytes(text, stored.AsSpan(1));
        return Bounded(stored);
    }

    public static string ToText(ReadOnlyMemory<byte> stored) => Encoding.UTF8.GetString(Content(stored, TextKind).Span);

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
        return Bounded(output.WrittenMemory);
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

    static ReadOnlyMemory<byte> Bounded(ReadOnlyMemory<byte> stored) => stored.Length <= KeyValueLimits.ValueLength
        ? stored
        : throw new FaultException(new Fault.Exhausted(
            $"The {NameOf(stored.Span[0])} would have {stored.Length} bytes; {KeyValueLimits.ValueLength} are the most: spread it over several keys."));

    static string NameOf(byte kind) => kind switch
    {
        TextKind => "value",
        ListKind => "list",
        _ => "set",
    };
}
