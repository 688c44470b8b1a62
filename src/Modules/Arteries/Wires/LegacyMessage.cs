using System.Buffers;
using System.Text.Json;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>The original's JSON texts, written and read.</summary>
static class LegacyMessage
{
    /// <summary>Intents in one message, so that one slow write does not hold many in memory.</summary>
    public const int BatchLength = 256;

    /// <summary>What is wrong with a text that is none of the original's.</summary>
    const string NotOurs = "A text is no message of the original JSON: it has neither payload nor ackReplyKey.";

    public static byte[] Intents(IReadOnlyList<Held> intents) => Write(json =>
    {
        json.WriteStartArray("payload");
        foreach (var intent in intents)
        {
            json.WriteStartObject();
            json.WriteString("arteryName", intent.Origin.Name);
            json.WriteString("intent", intent.Name);
            json.WritePropertyName("data");
            PrimitiveJson.Write(intent.Data, json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("isBatch", intents.Count > 1);
    });

    public static byte[] Heartbeat(string service, string ackKey, Beat beat, IEnumerable<KeyValuePair<string, long>> missed) => Write(json =>
    {
        json.WriteStartArray("payload");
        json.WriteStartObject();
        json.WriteString("arteryName", service);
        json.WriteString("intent", "HEARTBEAT");
        json.WriteStartObject("data");
        json.WriteBoolean("requestingState", beat.RequestingState);
        if (beat.State is { } state)
        {
            json.WritePropertyName("state");
            PrimitiveJson.WriteState(state, json);
        }
        json.WriteStartObject("missed");
        foreach (var (origin, count) in missed)
            json.WriteNumber(origin, count);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("isBatch", false);
        json.WriteString("ackKey", ackKey);
    });

    public static byte[] Acknowledgement(string ackKey) => Write(json => json.WriteString("ackReplyKey", ackKey));

    /// <summary>Reads a text of a service.</summary>
    /// <param name="say">Told each intent's name and data as CBOR.</param>
    /// <returns>The key of an acknowledgement that it is, and the key that it asks to be acknowledged with.</returns>
    /// <exception cref="ArteryException">It is none of the original's messages.</exception>
    public static (string? Reply, string? AckKey) Read(ReadOnlyMemory<byte> text, Action<string, byte[]> say)
    {
        try
        {
            using var document = JsonDocument.Parse(text, PrimitiveJson.Bounded);
            var message = document.RootElement;
            if (message.ValueKind != JsonValueKind.Object)
                throw new ArteryException(CloseCode.Malformed, NotOurs);
            if (message.TryGetProperty("ackReplyKey", out var reply))
                return (reply.GetString(), null);
            if (!message.TryGetProperty("payload", out var payload) || payload.ValueKind != JsonValueKind.Array)
                throw new ArteryException(CloseCode.Malformed, NotOurs);
            foreach (var one in payload.EnumerateArray())
                if (one.TryGetProperty("intent", out var intent) && intent.GetString() is { } name && IntentName.IsValid(name))
                    say(name, one.TryGetProperty("data", out var data) ? PrimitiveJson.ToCbor(data) : []);
            return (null, message.TryGetProperty("ackKey", out var ack) ? ack.GetString() : null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ArteryException(CloseCode.Malformed, "A text is no message of the original JSON.", error);
        }
    }

    static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        content(json);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }
}
