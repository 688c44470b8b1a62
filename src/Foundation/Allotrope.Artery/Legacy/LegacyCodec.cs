using System.Buffers;
using System.Text.Json;

namespace Allotrope.Artery;

/// <summary>
/// Reads and writes the original's JSON. Members it does not know are passed over, as the original does; what it knows is bounded. A text's own size
/// is bounded by the transport.
/// </summary>
public static class LegacyCodec
{
    /// <summary>Of intents in one text.</summary>
    public const int MaxIntents = 4096;

    /// <summary>Of an acknowledgement's key; the original uses UUIDs.</summary>
    public const int MaxKey = 128;

    // The text, its payload and an intent around the data
    static readonly JsonReaderOptions Options = new() { MaxDepth = ArteryLimits.CborDepth + 3 };

    public static void Write(LegacyMessage message, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        if (message.AckReplyKey is { } reply)
            writer.WriteString("ackReplyKey"u8, reply);
        else
        {
            writer.WriteStartArray("payload"u8);
            foreach (var intent in message.Payload)
                Write(intent, writer);
            writer.WriteEndArray();
            writer.WriteBoolean("isBatch"u8, message.IsBatch);
            if (message.AckKey is { } key)
                writer.WriteString("ackKey"u8, key);
        }

        writer.WriteEndObject();
    }

    /// <exception cref="ArteryException">It is malformed or larger than is carried.</exception>
    public static LegacyMessage Read(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, Options);
            reader.Read();
            var message = ReadMessage(ref reader);
            reader.Read();
            return message;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw CborJson.Malformed(malformed);
        }
    }

    static void Write(LegacyIntent intent, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("arteryName"u8, intent.ArteryName);
        writer.WriteString("intent"u8, intent.Name);
        writer.WritePropertyName("data"u8);
        CborJson.Write(intent.Data.Span, writer);
        writer.WriteEndObject();
    }

    static LegacyMessage ReadMessage(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        List<LegacyIntent> payload = [];
        var isBatch = false;
        string? ackKey = null;
        string? ackReplyKey = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "payload"u8))
                ReadPayload(ref reader, payload);
            else if (Is(ref reader, "isBatch"u8))
                isBatch = reader.GetBoolean();
            else if (Is(ref reader, "ackKey"u8))
                ackKey = ReadText(ref reader, MaxKey);
            else if (Is(ref reader, "ackReplyKey"u8))
                ackReplyKey = ReadText(ref reader, MaxKey);
            else
                reader.Skip();
        }

        return new LegacyMessage(payload, isBatch, ackKey, ackReplyKey);
    }

    static void ReadPayload(ref Utf8JsonReader reader, List<LegacyIntent> payload)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (payload.Count == MaxIntents)
                throw new ArteryException(CloseCode.TooLarge, $"A text has more than {MaxIntents} intents.");
            payload.Add(ReadIntent(ref reader));
        }
    }

    static LegacyIntent ReadIntent(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        var arteryName = "";
        string? name = null;
        byte[] data = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "arteryName"u8))
                arteryName = ReadText(ref reader, ArteryLimits.NameBytes) ?? "";
            else if (Is(ref reader, "intent"u8))
                name = ReadText(ref reader, ArteryLimits.NameBytes);
            else if (Is(ref reader, "data"u8))
                data = ReadData(ref reader);
            else
                reader.Skip();
        }

        return IntentName.IsValid(name)
            ? new LegacyIntent(arteryName, name!, data)
            : throw ArteryException.Malformed($"An intent has no name of 1 to {ArteryLimits.NameBytes} of A-Z a-z 0-9 _ - . : /.");
    }

    static byte[] ReadData(ref Utf8JsonReader reader)
    {
        using var output = new FrameBuffer();
        CborJson.Write(ref reader, output);
        return output.Length <= ArteryLimits.IntentBytes
            ? output.WrittenSpan.ToArray()
            : throw new ArteryException(
                CloseCode.TooLarge, $"An intent has {output.Length} bytes of data; at most {ArteryLimits.IntentBytes} are allowed.");
    }

    static string? ReadText(ref Utf8JsonReader reader, int maxLength)
    {
        // Escapes only shrink, so what is too long as it is written need not be tried: six characters at most stand for one
        var length = reader.TokenType == JsonTokenType.Null ? 0 : reader.ValueSpan.Length;
        var text = length <= maxLength * 6 ? reader.GetString() : null;
        return length == 0 || text?.Length <= maxLength ? text : throw ArteryException.Malformed($"A text has more than {maxLength} characters.");
    }

    /// <summary>Whether the member at which the reader stands is this one; if so the reader then stands at its value.</summary>
    static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.ValueTextEquals(name) && reader.Read();

    static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
            throw ArteryException.Malformed($"A JSON {reader.TokenType} came where a {token} was expected.");
    }
}
