using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Allotrope.Artery;

/// <summary>Primitive data between JSON, as people and the original's services write it, and CBOR, as arteries carry it. Nothing recurses.</summary>
public static class CborJson
{
    /// <summary>Turns one JSON value into one CBOR item. Whole numbers of 64 bits stay whole, all others become 64-bit floats.</summary>
    /// <exception cref="ArteryException">It is no JSON, too deep, or holds a number that is too large.</exception>
    public static byte[] FromJson(ReadOnlySpan<byte> json)
    {
        using var output = new FrameBuffer();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ArteryLimits.CborDepth });
        try
        {
            reader.Read();
            Write(ref reader, output);
            reader.Read();
            return output.WrittenSpan.ToArray();
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw Malformed(malformed);
        }
    }

    public static byte[] FromJson(string json) => FromJson(Encoding.UTF8.GetBytes(json));

    /// <summary>Turns one CBOR item into JSON. Byte strings become base64 text, and numbers that JSON does not know become null.</summary>
    /// <exception cref="ArteryException">It is malformed.</exception>
    public static string ToJson(ReadOnlySpan<byte> cbor)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            Write(cbor, writer);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The same into a document that is being written; nothing at all is null.</summary>
    /// <exception cref="ArteryException">It is malformed.</exception>
    public static void Write(ReadOnlySpan<byte> cbor, Utf8JsonWriter writer)
    {
        if (cbor.IsEmpty)
        {
            writer.WriteNullValue();
            return;
        }

        // Checked as a whole first, so that what is written below is never more than the item and never deeper than the stack
        var reader = new CborReader(new CborReader(cbor).ReadItem());
        Span<int> left = stackalloc int[ArteryLimits.CborDepth];
        var maps = 0U;
        var depth = 0;
        do
        {
            if (depth > 0)
            {
                left[depth - 1]--;
                if ((maps & (1U << depth)) != 0)
                    writer.WritePropertyName(reader.ReadUtf8());
            }

            var kind = reader.Peek();
            if (kind is CborKind.Array or CborKind.Map)
            {
                var isMap = kind == CborKind.Map;
                left[depth++] = isMap ? reader.ReadMap() : reader.ReadArray();
                maps = isMap ? maps | (1U << depth) : maps & ~(1U << depth);
                if (isMap)
                    writer.WriteStartObject();
                else
                    writer.WriteStartArray();
            }
            else
                WriteScalar(ref reader, kind, writer);

            for (; depth > 0 && left[depth - 1] == 0; depth--)
            {
                if ((maps & (1U << depth)) != 0)
                    writer.WriteEndObject();
                else
                    writer.WriteEndArray();
            }
        }
        while (depth > 0);
    }

    /// <summary>Turns the value at which the reader stands into one CBOR item; the reader then stands at the value's last token.</summary>
    internal static void Write(ref Utf8JsonReader reader, FrameBuffer output)
    {
        var start = reader.CurrentDepth;
        var cbor = new CborWriter(output);
        while (true)
        {
            if (reader.CurrentDepth - start >= ArteryLimits.CborDepth && reader.TokenType is (JsonTokenType.StartArray or JsonTokenType.StartObject))
                throw ArteryException.Malformed($"A JSON value is more than {ArteryLimits.CborDepth} deep.");
            WriteToken(ref reader, cbor);
            if (reader.CurrentDepth == start && reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
                return;
            reader.Read();
        }
    }

    internal static ArteryException Malformed(Exception cause) =>
        new(CloseCode.Malformed, "A JSON text is malformed, or deeper than is carried.", cause);

    static void WriteToken(ref Utf8JsonReader reader, CborWriter cbor)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray: cbor.Array(Count(reader)); break;
            case JsonTokenType.StartObject: cbor.Map(Count(reader)); break;
            case JsonTokenType.String or JsonTokenType.PropertyName: cbor.Text(reader.GetString()); break;
            case JsonTokenType.True or JsonTokenType.False: cbor.Boolean(reader.GetBoolean()); break;
            case JsonTokenType.Null: cbor.Null(); break;
            case JsonTokenType.Number: WriteNumber(ref reader, cbor); break;
        }
    }

    static void WriteNumber(ref Utf8JsonReader reader, CborWriter cbor)
    {
        if (reader.TryGetInt64(out var whole))
            cbor.Integer(whole);
        else if (reader.TryGetDouble(out var number) && double.IsFinite(number))
            cbor.Double(number);
        else
            throw ArteryException.Malformed("A JSON number is beyond 64 bits.");
    }

    /// <summary>CBOR says how many items follow before they do, so a copy of the reader runs ahead; the depth bounds how often.</summary>
    static int Count(Utf8JsonReader ahead)
    {
        var inside = ahead.CurrentDepth + 1;
        var count = 0;
        while (ahead.Read() && ahead.CurrentDepth >= inside)
        {
            if (ahead.CurrentDepth == inside
                && ahead.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject))
                count++;
        }

        return count;
    }

    static void WriteScalar(ref CborReader reader, CborKind kind, Utf8JsonWriter writer)
    {
        switch (kind)
        {
            case CborKind.Boolean: writer.WriteBooleanValue(reader.ReadBoolean()); break;
            case CborKind.Integer: writer.WriteNumberValue(reader.ReadInteger()); break;
            case CborKind.Text: writer.WriteStringValue(reader.ReadUtf8()); break;
            case CborKind.Bytes: writer.WriteBase64StringValue(reader.ReadBytes()); break;
            case CborKind.Double when reader.ReadDouble() is var number && double.IsFinite(number): writer.WriteNumberValue(number); break;
            case CborKind.Double: writer.WriteNullValue(); break;
            default:
                reader.TryReadNull();
                writer.WriteNullValue();
                break;
        }
    }
}
