using System.Buffers.Binary;
using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Control;

/// <summary>Takes fields off a frame from the front, never beyond its end.</summary>
ref struct FrameReader(ReadOnlyMemory<byte> body)
{
    int _position;

    public byte Byte() => Take(1).Span[0];

    public ushort Number16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span);

    public uint Number32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    public string Text() => Encoding.UTF8.GetString(Take(Number16()).Span);

    public ReadOnlyMemory<byte> Rest() => Take(body.Length - _position);

    public readonly FaultException Broken(string expected) => new(new Fault.Invalid(
        $"control frame, byte {_position}", $"The control socket received something that is no frame: byte {_position} is not {expected}."));

    ReadOnlyMemory<byte> Take(int count)
    {
        if (count > body.Length - _position)
            throw Broken($"followed by the {count} bytes that were announced");
        var taken = body.Slice(_position, count);
        _position += count;
        return taken;
    }
}
