using System.Text;

namespace Allotrope.Artery.Client;

/// <summary>
/// Primitive data, which is all that arteries carry: null, a boolean, a number, text, bytes, or a list or map of those. It is one CBOR item, decoded where it is asked.
/// </summary>
public readonly struct ArteryData
{
    readonly ReadOnlyMemory<byte> _cbor;

    ArteryData(ReadOnlyMemory<byte> cbor) => _cbor = cbor;

    public static ArteryData Null => default;

    /// <summary>The CBOR item; empty is null.</summary>
    public ReadOnlyMemory<byte> Cbor => _cbor;

    public CborKind Kind => _cbor.IsEmpty ? CborKind.Null : new CborReader(_cbor.Span).Peek();

    public bool IsNull => Kind == CborKind.Null;

    public static implicit operator ArteryData(bool value) => FromBoolean(value);

    public static implicit operator ArteryData(long value) => FromInt64(value);

    public static implicit operator ArteryData(double value) => FromDouble(value);

    public static implicit operator ArteryData(string? value) => FromString(value);

    public static ArteryData FromBoolean(bool value) => Write(output => new CborWriter(output).Boolean(value));

    public static ArteryData FromInt64(long value) => Write(output => new CborWriter(output).Integer(value));

    public static ArteryData FromDouble(double value) => Write(output => new CborWriter(output).Double(value));

    public static ArteryData FromString(string? value) => value is null ? Null : Write(output => new CborWriter(output).Text(value));

    /// <summary>Bytes, which are copied. State carries none.</summary>
    public static ArteryData FromBytes(ReadOnlyMemory<byte> value) => Write(output => new CborWriter(output).Bytes(value.Span));

    public static ArteryData List(params ArteryData[] items) => Write(output =>
    {
        var cbor = new CborWriter(output);
        cbor.Array(items.Length);
        foreach (var item in items)
            item.WriteTo(cbor);
    });

    public static ArteryData Map(params (string Key, ArteryData Value)[] pairs) => Write(output =>
    {
        var cbor = new CborWriter(output);
        cbor.Map(pairs.Length);
        foreach (var (key, value) in pairs)
        {
            cbor.Text(key);
            value.WriteTo(cbor);
        }
    });

    /// <exception cref="ArteryException">It is no JSON, or nothing that arteries carry.</exception>
    public static ArteryData FromJson(string json) => new(CborJson.FromJson(json));

    /// <summary>One CBOR item of the protocol's restricted form, which is copied.</summary>
    /// <exception cref="ArteryException">It is none.</exception>
    public static ArteryData FromCbor(ReadOnlySpan<byte> cbor)
    {
        var reader = new CborReader(cbor);
        var item = reader.ReadItem().ToArray();
        reader.ExpectEnd();
        return new(item);
    }

    /// <exception cref="ArteryException">It is no boolean.</exception>
    public bool ToBoolean() => Reader().ReadBoolean();

    /// <exception cref="ArteryException">It is no whole number.</exception>
    public long ToInt64() => Reader().ReadInteger();

    /// <exception cref="ArteryException">It is no number.</exception>
    public double ToDouble() => Kind == CborKind.Integer ? Reader().ReadInteger() : Reader().ReadDouble();

    /// <exception cref="ArteryException">It is no text.</exception>
    public string ToText() => Encoding.UTF8.GetString(Reader().ReadUtf8());

    /// <exception cref="ArteryException">It holds no bytes.</exception>
    public byte[] ToBytes() => Reader().ReadBytes().ToArray();

    /// <summary>The items of a list.</summary>
    /// <exception cref="ArteryException">It is none.</exception>
    public IReadOnlyList<ArteryData> ToList()
    {
        var cbor = Reader();
        List<ArteryData> items = [];
        for (var left = cbor.ReadArray(); left > 0; left--)
            items.Add(Next(ref cbor));
        return items;
    }

    /// <summary>The value of a map's key; null when it has none.</summary>
    /// <exception cref="ArteryException">It is no map.</exception>
    public ArteryData this[string key]
    {
        get
        {
            var cbor = Reader();
            for (var left = cbor.ReadMap(); left > 0; left--)
            {
                var isIt = Encoding.UTF8.GetString(cbor.ReadUtf8()) == key;
                var value = Next(ref cbor);
                if (isIt)
                    return value;
            }

            return Null;
        }
    }

    /// <summary>As JSON; bytes become base64 text.</summary>
    public override string ToString() => CborJson.ToJson(_cbor.Span);

    /// <summary>Takes an item that has been checked, without copying it.</summary>
    internal static ArteryData OfItem(ReadOnlyMemory<byte> cbor) => new(cbor);

    /// <summary>The item, null written out.</summary>
    internal ReadOnlyMemory<byte> Whole => _cbor.IsEmpty ? StateMap.Removed : _cbor;

    CborReader Reader() => new(Whole.Span);

    ArteryData Next(ref CborReader cbor)
    {
        var start = cbor.Position;
        cbor.ReadItem();
        return new(_cbor[start..cbor.Position]);
    }

    void WriteTo(CborWriter cbor) => cbor.Item(Whole.Span);

    static ArteryData Write(Action<FrameBuffer> write)
    {
        using var output = new FrameBuffer();
        write(output);
        return new(output.WrittenSpan.ToArray());
    }
}
