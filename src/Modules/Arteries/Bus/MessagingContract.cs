using System.Buffers;
using System.Text.Json;
using Allotrope.Kernel;

namespace Allotrope.Arteries;

/// <summary>The structures of <c>wasmcloud:messaging</c> in MessagePack: maps by field name, as wasmbus-rpc has them.</summary>
static class MessagingContract
{
    public const string Publish = "Messaging.Publish";
    public const string Request = "Messaging.Request";
    public const string HandleMessage = "MessageSubscriber.HandleMessage";

    /// <summary>How long a request may take that does not say.</summary>
    static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(2);

    /// <summary>A message that an actor publishes or requests with.</summary>
    internal readonly record struct ActorMessage(string Subject, string? ReplyTo, byte[] Body, TimeSpan TimeOut);

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when the bytes are no such map.</exception>
    public static ActorMessage Read(ReadOnlySpan<byte> body)
    {
        var reader = new MessagePackReader(body);
        var message = new ActorMessage("", null, [], DefaultTime);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
            switch (reader.ReadString())
            {
                case "subject":
                    message = message with { Subject = reader.ReadString() };
                    break;
                case "replyTo":
                    message = message with { ReplyTo = reader.TryReadNil() ? null : reader.ReadString() };
                    break;
                case "body":
                    message = message with { Body = reader.ReadBinary().ToArray() };
                    break;
                case "timeoutMs":
                    message = message with { TimeOut = TimeSpan.FromMilliseconds(reader.ReadUInt32()) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        return message;
    }

    public static byte[] Write(string subject, string? replyTo, ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteMapHeader(3);
        writer.Write("subject");
        writer.Write(subject);
        writer.Write("replyTo");
        if (replyTo is null)
            writer.WriteNil();
        else
            writer.Write(replyTo);
        writer.Write("body");
        writer.WriteBinary(body);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A body as an intent's data: JSON as what it says, anything else as a byte string, nothing as null.</summary>
    public static byte[] ToData(byte[] body)
    {
        if (body.Length == 0)
            return [];
        try
        {
            return PrimitiveJson.ToCbor(body);
        }
        catch (JsonException)
        {
            var output = new ArrayBufferWriter<byte>(body.Length + 9);
            new Artery.CborWriter(output).Bytes(body);
            return output.WrittenSpan.ToArray();
        }
    }

    /// <summary>The other way: a byte string as it is, all else as JSON.</summary>
    public static byte[] ToBody(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return [];
        var reader = new Artery.CborReader(data);
        return reader.Peek() == Artery.CborKind.Bytes ? reader.ReadBytes().ToArray() : PrimitiveJson.ToJson(data);
    }
}
