using System.Text;
using System.Text.Unicode;

namespace Allotrope.Artery;

/// <summary>
/// Reads the intents of a batch one after the other: <c>while (batch.TryRead(out var intent))</c>. Only names and origins seen for the first time on
/// a
/// link allocate. What is left unread the link reads to the end, because it may define names.
/// </summary>
public ref struct IntentBatchReader
{
    readonly IntentReadTables _tables;
    readonly long _base;
    ReadOnlySpan<byte> _left;

    /// <exception cref="ArteryException">The batch is malformed.</exception>
    public IntentBatchReader(ReadOnlySpan<byte> batch, IntentReadTables tables)
    {
        _tables = tables;
        _left = batch;
        _base = Varint.Unfold(Varint.Read(ref _left));
    }

    /// <summary>Reads the next intent; its data is checked.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ArteryException">The batch is malformed.</exception>
    public bool TryRead(out Intent intent)
    {
        intent = default;
        if (_left.IsEmpty)
            return false;

        var name = ReadName();
        var origin = ReadOrigin();
        var sequence = Varint.ReadCount(ref _left);
        var time = unchecked(_base + Varint.Unfold(Varint.Read(ref _left)));
        var size = Varint.Read(ref _left);
        long? ack = (size & 1) != 0 ? Varint.ReadCount(ref _left) : null;
        var data = ReadData(size >> 1);
        intent = new Intent(name, origin, sequence, time, data, ack);
        return true;
    }

    string ReadName()
    {
        var id = Varint.Read(ref _left);
        if (id != 0)
            return _tables.Names[id];
        var name = ReadText();
        if (!IntentName.IsValid(name))
            throw ArteryException.Malformed("An intent's name has characters that names cannot have.");
        _tables.Names.Define(name);
        return name;
    }

    Origin ReadOrigin()
    {
        var id = Varint.Read(ref _left);
        if (id != 0)
            return _tables.Origins[id];
        var origin = new Origin(ReadText(), Varint.ReadCount(ref _left));
        _tables.Origins.Define(origin);
        return origin;
    }

    string ReadText()
    {
        var length = Varint.Read(ref _left);
        if (length is 0 or > ArteryLimits.NameBytes || length > (ulong)_left.Length || !Utf8.IsValid(_left[..(int)length]))
            throw ArteryException.Malformed($"A name is not 1 to {ArteryLimits.NameBytes} bytes of UTF-8.");
        var text = Encoding.UTF8.GetString(_left[..(int)length]);
        _left = _left[(int)length..];
        return text;
    }

    ReadOnlySpan<byte> ReadData(ulong length)
    {
        if (length > ArteryLimits.IntentBytes)
            throw new ArteryException(CloseCode.TooLarge, $"An intent has {length} bytes of data; at most {ArteryLimits.IntentBytes} are allowed.");
        if (length > (ulong)_left.Length)
            throw ArteryException.Malformed("An intent's data is cut off.");
        var data = _left[..(int)length];
        _left = _left[(int)length..];
        if (data.IsEmpty)
            return data;
        var cbor = new CborReader(data);
        cbor.ReadItem();
        cbor.ExpectEnd();
        return data;
    }
}
