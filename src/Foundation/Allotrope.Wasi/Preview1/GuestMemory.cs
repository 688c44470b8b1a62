using System.Buffers.Binary;
using System.Text;
using Allotrope.Wasm;

namespace Allotrope.Wasi.Preview1;

/// <summary>The guest's memory, in which every address is checked before anything is done.</summary>
readonly struct GuestMemory(Memory memory)
{
    /// <summary>Longer paths no system knows; they are not worth reading.</summary>
    const uint LongestPath = 65_536;

    /// <summary>IOV_MAX of most systems.</summary>
    const uint MostParts = 1024;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="Refusal">It is not all within the memory.</exception>
    public Span<byte> Span(uint address, uint length) =>
        (ulong)address + length <= memory.ByteLength && length <= int.MaxValue ? memory.Slice(address, (int)length) : throw new Refusal(ErrorNumber.Fault);

    public Span<byte> Span(int address, int length) => Span((uint)address, (uint)length);

    public void WriteInt32(int address, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Span((uint)address, 4), value);

    public void WriteInt64(int address, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Span((uint)address, 8), value);

    public string Path(int address, int length)
    {
        if ((uint)length > LongestPath)
            throw new Refusal(ErrorNumber.NameTooLong);
        try
        {
            return Strict.GetString(Span(address, length));
        }
        catch (DecoderFallbackException)
        {
            throw new Refusal(ErrorNumber.IllegalSequence);
        }
    }

    /// <summary>The places and lengths of a list of buffers, all of which are within the memory.</summary>
    public (uint Address, uint Length)[] Parts(int address, int count)
    {
        if ((uint)count > MostParts)
            throw new Refusal(ErrorNumber.Invalid);
        var list = Span((uint)address, (uint)count * 8);
        var parts = new (uint Address, uint Length)[count];
        ulong all = 0;
        for (var i = 0; i < count; i++)
        {
            parts[i] = (BinaryPrimitives.ReadUInt32LittleEndian(list[(i * 8)..]), BinaryPrimitives.ReadUInt32LittleEndian(list[(i * 8 + 4)..]));
            Span(parts[i].Address, parts[i].Length);
            all += parts[i].Length;
        }

        return all <= uint.MaxValue ? parts : throw new Refusal(ErrorNumber.Invalid);
    }

    /// <summary>Writes a list of strings as C has them: their addresses at one place, their bytes at another.</summary>
    public void WriteStrings(byte[][] strings, int addresses, int bytes)
    {
        var at = (uint)bytes;
        Span((uint)addresses, (uint)strings.Length * 4);
        Span(at, (uint)strings.Sum(each => each.Length));
        for (var i = 0; i < strings.Length; i++)
        {
            WriteInt32(addresses + i * 4, at);
            strings[i].CopyTo(Span(at, (uint)strings[i].Length));
            at += (uint)strings[i].Length;
        }
    }
}
