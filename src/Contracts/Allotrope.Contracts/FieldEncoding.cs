using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Allotrope.Contracts;

/// <summary>
/// The bytes that are hashed or signed for a record: a domain, then each field in order, each preceded by its length as four bytes, most
/// significant first. Two different lists of fields never encode alike, nor do two domains.
/// </summary>
public sealed class FieldEncoding
{
    readonly ArrayBufferWriter<byte> _bytes = new();

    public FieldEncoding(string domain) => Add(domain);

    public FieldEncoding Add(ReadOnlySpan<byte> field)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(sizeof(int)), field.Length);
        _bytes.Advance(sizeof(int));
        _bytes.Write(field);
        return this;
    }

    /// <summary>Text as UTF-8.</summary>
    public FieldEncoding Add(string field) => Add(Encoding.UTF8.GetBytes(field));

    /// <summary>A number as eight bytes, most significant first.</summary>
    public FieldEncoding Add(long field)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, field);
        return Add(bytes);
    }

    /// <summary>A time as the number of 100-nanosecond steps since 0001-01-01 UTC.</summary>
    public FieldEncoding Add(DateTimeOffset field) => Add(field.UtcTicks);

    public byte[] ToBytes() => _bytes.WrittenSpan.ToArray();
}
