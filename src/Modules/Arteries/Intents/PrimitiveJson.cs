using System.Buffers;
using System.Text.Json;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>
/// Primitive data between CBOR, as arteries carry it, and JSON, as people and the original wire do. Both are at most
/// <see cref="ArteryLimits.CborDepth"/> deep, so is the recursion.
/// </summary>
static class PrimitiveJson
{
    public static readonly JsonDocumentOptions Bounded = new() { MaxDepth = ArteryLimits.CborDepth };

    /// <summary>Writes one CBOR item, or a null for nothing, as JSON; byte strings become base64 text.</summary>
    public static void Write(ReadOnlySpan<byte> cbor, Utf8JsonWriter json)
    {
        if (cbor.IsEmpty)
        {
            json.WriteNullValue();
            return;
        }
        var reader = new CborReader(cbor);
        WriteItem(ref reader, json);
    }

    public static byte[] ToJson(ReadOnlySpan<byte> cbor)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output);
        Write(cbor, json);
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">The text is no JSON, or too deep.</exception>
    public static byte[] ToCbor(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Bounded);
        return ToCbor(document.RootElement);
    }

    public static byte[] ToCbor(JsonElement element)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteElement(element, new CborWriter(output));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes merged state as an object of services.</summary>
    public static void WriteState(StateChange state, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (service, values) in state.Services)
        {
            json.WriteStartObject(service);
            foreach (var (key, value) in values)
            {
                json.WritePropertyName(key);
                Write(value.Span, json);
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WriteItem(ref CborReader reader, Utf8JsonWriter json)
    {
        switch (reader.Peek())
        {
            case CborKind.Null:
                reader.TryReadNull();
                json.WriteNullValue();
                break;
            case CborKind.Boolean:
                json.WriteBooleanValue(reader.ReadBoolean());
                break;
            case CborKind.Integer:
                json.WriteNumberValue(reader.ReadInteger());
                break;
            case CborKind.Double:
                WriteNumber(reader.ReadDouble(), json);
                break;
            case CborKind.Text:
                json.WriteStringValue(reader.ReadUtf8());
                break;
            case CborKind.Bytes:
                json.WriteBase64StringValue(reader.ReadBytes());
                break;
            case CborKind.Array:
                json.WriteStartArray();
                for (var left = reader.ReadArray(); left > 0; left--)
                    WriteItem(ref reader, json);
                json.WriteEndArray();
                break;
            default:
                json.WriteStartObject();
                for (var left = reader.ReadMap(); left > 0; left--)
                {
                    json.WritePropertyName(reader.ReadUtf8());
                    WriteItem(ref reader, json);
                }
                json.WriteEndObject();
                break;
        }
    }

    // JSON has no infinities and no not-a-number; JavaScript writes them as null too
    static void WriteNumber(double value, Utf8JsonWriter json)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }

    static void WriteElement(JsonElement element, CborWriter cbor)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                cbor.Boolean(element.GetBoolean());
                break;
            case JsonValueKind.Number when element.TryGetInt64(out var integer):
                cbor.Integer(integer);
                break;
            case JsonValueKind.Number:
                cbor.Double(element.GetDouble());
                break;
            case JsonValueKind.String:
                cbor.Text(element.GetString());
                break;
            case JsonValueKind.Array:
                cbor.Array(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                    WriteElement(item, cbor);
                break;
            case JsonValueKind.Object:
                cbor.Map(element.GetPropertyCount());
                foreach (var property in element.EnumerateObject())
                {
                    cbor.Text(property.Name);
                    WriteElement(property.Value, cbor);
                }
                break;
            default:
                cbor.Null();
                break;
        }
    }
}
