using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Allotrope.Kernel;

/// <summary>
/// Reads MessagePack (the specification of msgpack.org) from untrusted bytes. It hands out spans of the source and allocates only for
/// <see cref="ReadString"/>; a length or count is believed only if that much can still follow, so a caller may size a collection by it.
/// </summary>
/// <remarks>Every method throws <see cref="FaultException"/> with <see cref="Fault.Invalid"/>, which names the byte, for anything else than it reads.</remarks>
public ref struct MessagePackReader(ReadOnlySpan<byte> source)
{
    /// <summary>How deep <see cref="Skip"/> follows nested arrays and maps.</summary>
    public const int MaxDepth = 64;

    readonly ReadOnlySpan<byte> _source = source;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    public readonly bool End => Position == _source.Length;

    /// <summary>What comes next, without reading it.</summary>
    public readonly MessagePackKind Next
    {
        get
        {
            var ahead = this;
            return ahead.Take().Kind;
        }
    }

    /// <summary>Reads a nil if one comes next.</summary>
    public bool TryReadNil()
    {
        if (Next != MessagePackKind.Nil)
            return false;

        Position++;
        return true;
    }

    public bool ReadBoolean() => Take(MessagePackKind.Boolean).Number != 0;

    public int ReadInt32() => (int)ReadInteger(int.MinValue, int.MaxValue);

    public uint ReadUInt32() => (uint)ReadInteger(0, uint.MaxValue);

    public long ReadInt64() => (long)ReadInteger(long.MinValue, long.MaxValue);

    public ulong ReadUInt64() => (ulong)ReadInteger(0, ulong.MaxValue);

    /// <summary>A float of either size, or an integer, which encoders write for whole floats.</summary>
    public double ReadDouble()
    {
        var at = Position;
        var item = Take();
        return item.Kind switch
        {
            MessagePackKind.Float => item.Real,
            MessagePackKind.Integer => (double)item.Number,
            _ => throw Unexpected(at, "a number", item.Kind),
        };
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadUtf8());

    /// <summary>A string's bytes, checked to be UTF-8; they are part of the source.</summary>
    public ReadOnlySpan<byte> ReadUtf8()
    {
        var at = Position;
        var text = Bytes(Take(MessagePackKind.String).Length);
        return Utf8.IsValid(text) ? text : throw Invalid(at, "This string is not UTF-8.");
    }

    /// <summary>A binary's bytes; they are part of the source. Nil is read as empty, which is how some guest libraries write it.</summary>
    public ReadOnlySpan<byte> ReadBinary() => TryReadNil() ? [] : Bytes(Take(MessagePackKind.Binary).Length);

    /// <summary>An extension's type and bytes; they are part of the source. Type -1 is a timestamp.</summary>
    public ReadOnlySpan<byte> ReadExtension(out sbyte type)
    {
        var item = Take(MessagePackKind.Extension);
        type = (sbyte)item.Number;
        return Bytes(item.Length);
    }

    /// <summary>How many values follow as an array's elements.</summary>
    public int ReadArrayHeader() => Take(MessagePackKind.Array).Length;

    /// <summary>How many pairs of key and value follow.</summary>
    public int ReadMapHeader() => Take(MessagePackKind.Map).Length;

    /// <summary>Passes over one value with everything in it.</summary>
    public void Skip()
    {
        // Values still to come at each level; not recursion, so that input cannot choose how much stack is used.
        Span<long> pending = stackalloc long[MaxDepth + 1];
        pending[0] = 1;
        var depth = 0;
        while (true)
        {
            while (pending[depth] == 0)
            {
                if (depth-- == 0)
                    return;
            }

            pending[depth]--;
            var at = Position;
            var item = Take();
            if (item.Kind is MessagePackKind.Array or MessagePackKind.Map)
            {
                if (depth == MaxDepth)
                    throw Invalid(at, $"Arrays and maps are nested deeper than {MaxDepth} levels.");

                pending[++depth] = item.Kind == MessagePackKind.Map ? 2L * item.Length : item.Length;
            }
            else
            {
                Position += item.Length;
            }
        }
    }

    Int128 ReadInteger(Int128 least, Int128 most)
    {
        var at = Position;
        var number = Take(MessagePackKind.Integer).Number;
        return number >= least && number <= most
            ? number
            : throw Invalid(at, $"The integer {number} is not between {least} and {most}.");
    }

    Item Take(MessagePackKind expected)
    {
        var at = Position;
        var item = Take();
        return item.Kind == expected ? item : throw Unexpected(at, expected.ToString(), item.Kind);
    }

    Item Take()
    {
        var at = Position;
        var code = Bytes(1)[0];
        return code switch
        {
            <= 0x7f => Integer(code),
            <= 0x8f => Sized(at, MessagePackKind.Map, code & 0x0f),
            <= 0x9f => Sized(at, MessagePackKind.Array, code & 0x0f),
            <= 0xbf => Sized(at, MessagePackKind.String, code & 0x1f),
            0xc0 => new(MessagePackKind.Nil),
            0xc1 => throw Invalid(at, "The byte 0xc1 is never used in MessagePack."),
            0xc2 or 0xc3 => new(MessagePackKind.Boolean, Number: code & 1),
            <= 0xc6 => Sized(at, MessagePackKind.Binary, Unsigned(1 << (code - 0xc4))),
            <= 0xc9 => Extension(at, Unsigned(1 << (code - 0xc7))),
            0xca => new(MessagePackKind.Float, Real: BinaryPrimitives.ReadSingleBigEndian(Bytes(4))),
            0xcb => new(MessagePackKind.Float, Real: BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))),
            <= 0xcf => Integer(Unsigned(1 << (code - 0xcc))),
            0xd0 => Integer((sbyte)Bytes(1)[0]),
            0xd1 => Integer(BinaryPrimitives.ReadInt16BigEndian(Bytes(2))),
            0xd2 => Integer(BinaryPrimitives.ReadInt32BigEndian(Bytes(4))),
            0xd3 => Integer(BinaryPrimitives.ReadInt64BigEndian(Bytes(8))),
            <= 0xd8 => Extension(at, 1UL << (code - 0xd4)),
            <= 0xdb => Sized(at, MessagePackKind.String, Unsigned(1 << (code - 0xd9))),
            <= 0xdd => Sized(at, MessagePackKind.Array, Unsigned(2 << (code - 0xdc))),
            <= 0xdf => Sized(at, MessagePackKind.Map, Unsigned(2 << (code - 0xde))),
            _ => Integer((sbyte)code),
        };
    }

    static Item Integer(Int128 number) => new(MessagePackKind.Integer, Number: number);

    Item Extension(int at, ulong length)
    {
        var type = (sbyte)Bytes(1)[0];
        return Sized(at, MessagePackKind.Extension, length) with { Number = type };
    }

    // Here every claimed length meets what is left. An element takes one byte at least, a pair two.
    readonly Item Sized(int at, MessagePackKind kind, ulong claimed)
    {
        var left = _source.Length - Position;
        var possible = kind == MessagePackKind.Map ? left / 2 : left;
        return claimed <= (ulong)possible
            ? new(kind, Length: (int)claimed)
            : throw Invalid(at, $"{kind} claims a length of {claimed}, but only {left} bytes are left.");
    }

    readonly Item Sized(int at, MessagePackKind kind, int claimed) => Sized(at, kind, (ulong)claimed);

    ulong Unsigned(int size) => size switch
    {
        1 => Bytes(1)[0],
        2 => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2)),
        4 => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4)),
        _ => BinaryPrimitives.ReadUInt64BigEndian(Bytes(8)),
    };

    ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _source.Length - Position)
            throw Invalid(Position, "The message ends in the middle of a value.");

        Position += count;
        return _source.Slice(Position - count, count);
    }

    static FaultException Unexpected(int at, string expected, MessagePackKind found) => Invalid(at, $"Expected {expected}, found {found}.");

    static FaultException Invalid(int at, string message) => new(new Fault.Invalid($"byte {at}", $"MessagePack, byte {at}: {message}"));

    /// <param name="Number">An integer's or boolean's value, an extension's type.</param>
    /// <param name="Length">Bytes, elements or pairs that follow.</param>
    readonly record struct Item(MessagePackKind Kind, Int128 Number = default, double Real = 0, int Length = 0);
}
