using System.Text;

namespace Allotrope.Wasm.Tests.Differential;

/// <summary>Writes the binary format.</summary>
sealed class ByteWriter
{
    readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public ByteWriter Byte(int value)
    {
        _bytes.Add((byte)value);
        return this;
    }

    public ByteWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public ByteWriter Unsigned(ulong value)
    {
        for (; value > 0x7f; value >>= 7) _bytes.Add((byte)(value | 0x80));
        return Byte((int)value);
    }

    public ByteWriter Unsigned(int value) => Unsigned((ulong)value);

    public ByteWriter Signed(long value)
    {
        for (; value is < -64 or > 63; value >>= 7) _bytes.Add((byte)(value | 0x80));
        return Byte((int)value & 0x7f);
    }

    public ByteWriter Name(string name) => Unsigned(Encoding.UTF8.GetByteCount(name)).Bytes(Encoding.UTF8.GetBytes(name));

    public ByteWriter Op(Opcode opcode) => (int)opcode > 0xff ? Byte((int)opcode >> 16).Unsigned((int)opcode & 0xffff) : Byte((int)opcode);

    public ByteWriter Op(VectorOpcode opcode) => Op((Opcode)opcode);

    public ByteWriter Op(Opcode opcode, int index) => Op(opcode).Unsigned(index);

    public ByteWriter I32(int value) => Op(Opcode.I32Const).Signed(value);

    public ByteWriter I64(long value) => Op(Opcode.I64Const).Signed(value);

    /// <summary>A type where values are declared.</summary>
    public ByteWriter Type(Ty type)
    {
        if (type.IsReference && (type.Index >= 0 || !type.Nullable)) Byte(type.Nullable ? 0x63 : 0x64);
        return Heap(type);
    }

    /// <summary>What a reference refers to.</summary>
    public ByteWriter Heap(Ty type) => type.Index >= 0 ? Signed(type.Index) : Byte((int)type.Kind);

    /// <summary>Something that is preceded by its length.</summary>
    public ByteWriter Sized(ByteWriter content) => Unsigned(content.Length).Bytes(content.ToArray());
}
