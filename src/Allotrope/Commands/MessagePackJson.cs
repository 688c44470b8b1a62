using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary>
/// Lets people write an actor's argument and read its answer as JSON. MessagePack has one kind JSON has not: bytes, written as
/// <c>{"$text": "..."}</c> where they are UTF-8 and as <c>{"$base64": "..."}</c> otherwise.
/// </summary>
static class MessagePackJson
{
    const string Text = "$text";
    const string Base64 = "$base64";

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> where <paramref name="json"/> is no JSON.</exception>
    public static ReadOnlyMemory<byte> FromJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MessagePackReader.MaxDepth });
            var output = new ArrayBufferWriter<byte>();
            Write(new MessagePackWriter(output), document.RootElement);
            return output.WrittenMemory;
        }
        catch (JsonException error)
        {
            throw new FaultException(new Fault.Invalid("body", $"The body is no JSON: {error.Message}"), error);
        }
    }

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> where <paramref name="bytes"/> are no MessagePack.</exception>
    public static string ToJson(ReadOnlySpan<byte> bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Output.Plain))
        {
            var reader = new MessagePackReader(bytes);
            Read(ref reader, json, depth: 0);
            if (!reader.End)
                throw new FaultException(new Fault.Invalid($"byte {reader.Position}", $"The answer goes on after its end at byte {reader.Position}."));
        }
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    static void Write(MessagePackWriter output, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when IsBytes(value, out var bytes):
                output.WriteBinary(bytes);
                break;
            case JsonValueKind.Object:
                output.WriteMapHeader(value.GetPropertyCount());
                foreach (var property in value.EnumerateObject())
                {
                    output.Write(property.Name);
                    Write(output, property.Value);
                }
                break;
            case JsonValueKind.Array:
                output.WriteArrayHeader(value.GetArrayLength());
                foreach (var item in value.EnumerateArray())
                    Write(output, item);
                break;
            case JsonValueKind.String:
                output.Write(value.GetString());
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var whole):
                output.Write(whole);
                break;
            case JsonValueKind.Number when value.TryGetUInt64(out var large):
                output.Write(large);
                break;
            case JsonValueKind.Number:
                output.Write(value.GetDouble());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                output.Write(value.GetBoolean());
                break;
            default:
                output.WriteNil();
                break;
        }
    }

    static bool IsBytes(JsonElement value, out byte[] bytes)
    {
        bytes = [];
        if (value.GetPropertyCount() != 1)
            return false;
        if (value.TryGetProperty(Text, out var text) && text.ValueKind == JsonValueKind.String)
            bytes = Encoding.UTF8.GetBytes(text.GetString()!);
        else if (value.TryGetProperty(Base64, out var base64) && base64.ValueKind == JsonValueKind.String)
            bytes = base64.TryGetBytesFromBase64(out var decoded)
                ? decoded
                : throw new FaultException(new Fault.Invalid("body", $"The body has a {Base64} that is no base64: {base64.GetString()}"));
        else
            return false;
        return true;
    }

    static void Read(ref MessagePackReader input, Utf8JsonWriter json, int depth)
    {
        if (depth > MessagePackReader.MaxDepth)
            throw new FaultException(new Fault.Invalid($"byte {input.Position}", $"The answer is nested deeper than {MessagePackReader.MaxDepth} levels."));
        switch (input.Next)
        {
            case MessagePackKind.Map:
                json.WriteStartObject();
                for (var left = input.ReadMapHeader(); left > 0; left--)
                {
                    json.WritePropertyName(Key(ref input));
                    Read(ref input, json, depth + 1);
                }
                json.WriteEndObject();
                break;
            case MessagePackKind.Array:
                json.WriteStartArray();
                for (var left = input.ReadArrayHeader(); left > 0; left--)
                    Read(ref input, json, depth + 1);
                json.WriteEndArray();
                break;
            default:
                ReadScalar(ref input, json);
                break;
        }
    }

    static void ReadScalar(ref MessagePackReader input, Utf8JsonWriter json)
    {
        switch (input.Next)
        {
            case MessagePackKind.Boolean:
                json.WriteBooleanValue(input.ReadBoolean());
                break;
            case MessagePackKind.Integer:
                WriteInteger(ref input, json);
                break;
            case MessagePackKind.Float when input.ReadDouble() is var number:
                if (double.IsFinite(number))
                    json.WriteNumberValue(number);
                else
                    json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case MessagePackKind.String:
                json.WriteStringValue(input.ReadString());
                break;
            case MessagePackKind.Binary:
                WriteBytes(input.ReadBinary(), json);
                break;
            case MessagePackKind.Extension:
                WriteBytes(input.ReadExtension(out _), json);
                break;
            default:
                input.TryReadNil();
                json.WriteNullValue();
                break;
        }
    }

    static void WriteInteger(ref MessagePackReader input, Utf8JsonWriter json)
    {
        var ahead = input; // tried on a copy: what exceeds a long is an unsigned long
        try
        {
            json.WriteNumberValue(ahead.ReadInt64());
            input = ahead;
        }
        catch (FaultException)
        {
            json.WriteNumberValue(input.ReadUInt64());
        }
    }

    static void WriteBytes(ReadOnlySpan<byte> bytes, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        try
        {
            json.WriteString(Text, Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            json.WriteBase64String(Base64, bytes);
        }
        json.WriteEndObject();
    }

    // JSON's keys are texts; a number as a key is written as one.
    static string Key(ref MessagePackReader input) => input.Next switch
    {
        MessagePackKind.String => input.ReadString(),
        MessagePackKind.Integer => input.ReadInt64().ToString(CultureInfo.InvariantCulture),
        _ => throw new FaultException(new Fault.Invalid($"byte {input.Position}", $"The answer has a key at byte {input.Position} that is no text.")),
    };
}
