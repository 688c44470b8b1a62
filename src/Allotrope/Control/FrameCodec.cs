using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Control;

/// <summary>Frames to bytes and back. Reading checks every length against what is there before it takes anything.</summary>
public static class FrameCodec
{
    /// <summary>Bytes of the length before each frame.</summary>
    public const int PrefixLength = 4;

    /// <summary>Bytes of one frame: room for the largest actor and its headers.</summary>
    public const int FrameLength = 32 * 1024 * 1024;

    /// <summary>Headers of one message.</summary>
    public const int HeaderCount = 64;

    enum Kind : byte { Request = 1, Subscribe, Reply, Failure, Delivery }

    /// <summary>The frame with its length in front.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Exhausted"/> when it is longer than <see cref="FrameLength"/>.</exception>
    public static byte[] Encode(Frame frame)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Number32(output, 0); // the length, known at the end
        switch (frame)
        {
            case Frame.Request(var message, var timeout):
                output.Write([(byte)Kind.Request]);
                Number32(output, (uint)Math.Clamp(timeout.TotalMilliseconds, 1, int.MaxValue));
                Write(output, message);
                break;
            case Frame.Subscribe(var pattern):
                output.Write([(byte)Kind.Subscribe]);
                Text(output, pattern);
                break;
            case Frame.Reply(var message):
                output.Write([(byte)Kind.Reply]);
                Write(output, message);
                break;
            case Frame.Delivery(var message):
                output.Write([(byte)Kind.Delivery]);
                Write(output, message);
                break;
            case Frame.Failure(var fault):
                output.Write([(byte)Kind.Failure]);
                Text(output, fault.Kind);
                Text(output, (fault as Fault.Invalid)?.Where ?? "");
                Text(output, fault.Message);
                string[] more = [.. fault is Fault.Invalid invalid ? invalid.More.Take(ushort.MaxValue) : []];
                Number16(output, more.Length);
                foreach (var problem in more)
                    Text(output, problem);
                break;
        }
        var length = output.WrittenCount - PrefixLength;
        if (length > FrameLength)
            throw new FaultException(TooLong(length));
        var bytes = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }

    /// <summary>Reads a frame from its bytes without the length in front. A payload shares the memory of <paramref name="body"/>.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> with the byte offset where it stops being a frame.</exception>
    public static Frame Decode(ReadOnlyMemory<byte> body)
    {
        var input = new FrameReader(body);
        return (Kind)input.Byte() switch
        {
            Kind.Request => ReadRequest(ref input),
            Kind.Subscribe => new Frame.Subscribe(input.Text()),
            Kind.Reply => new Frame.Reply(ReadMessage(ref input)),
            Kind.Delivery => new Frame.Delivery(ReadMessage(ref input)),
            Kind.Failure => new Frame.Failure(ReadFault(ref input)),
            _ => throw input.Broken("a frame kind from 1 to 5"),
        };
    }

    /// <summary>The next frame, or <see langword="null"/> at the end of the stream.</summary>
    public static async ValueTask<Frame?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var prefix = new byte[PrefixLength];
        if (await stream.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, cancellation) < PrefixLength)
            return null;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length > FrameLength)
            throw new FaultException(TooLong(length));
        var body = new byte[length];
        return await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation) < body.Length ? null : Decode(body);
    }

    static Frame.Request ReadRequest(ref FrameReader input)
    {
        var timeout = TimeSpan.FromMilliseconds(input.Number32() & int.MaxValue);
        return new(ReadMessage(ref input), timeout);
    }

    static Message ReadMessage(ref FrameReader input)
    {
        var subject = input.Text();
        var count = input.Number16();
        if (count > HeaderCount)
            throw input.Broken($"at most {HeaderCount} headers");
        var headers = new KeyValuePair<string, string>[count];
        for (var i = 0; i < count; i++)
            headers[i] = new(input.Text(), input.Text());
        return new(subject, Payload.Of(input.Rest()), count == 0 ? null : new Headers(headers));
    }

    static Fault ReadFault(ref FrameReader input)
    {
        var (kind, where, message) = (input.Text(), input.Text(), input.Text());
        var more = new List<string>(); // grows with what is there, not with what is announced
        for (var left = input.Number16(); left > 0; left--)
            more.Add(input.Text());
        return Fault.Of(kind, message, where) is Fault.Invalid invalid ? invalid with { More = more } : Fault.Of(kind, message);
    }

    static void Write(ArrayBufferWriter<byte> output, Message message)
    {
        Text(output, message.Subject);
        Number16(output, message.Headers?.Count ?? 0);
        foreach (var (name, value) in message.Headers ?? [])
        {
            Text(output, name);
            Text(output, value);
        }
        output.Write(message.Payload.ToBytes().Span);
    }

    static void Text(ArrayBufferWriter<byte> output, string text)
    {
        // A text longer than its length field can say is cut: only a fault's message can be, and its beginning is what matters.
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = Math.Min(bytes.Length, ushort.MaxValue);
        Number16(output, length);
        output.Write(bytes.AsSpan(0, length));
    }

    static void Number16(ArrayBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(2), (ushort)value);
        output.Advance(2);
    }

    static void Number32(ArrayBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    static Fault.Exhausted TooLong(long length) =>
        new($"A message of {length} bytes is longer than the control socket carries ({FrameLength} bytes): make the file or request smaller.");
}
