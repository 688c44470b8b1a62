namespace Allotrope.Artery;

/// <summary>State on the wire: maps of keys to primitive values, each kept as its CBOR item, so that forwarding does not decode it.</summary>
public static class StateMap
{
    /// <summary>The CBOR item that removes a key.</summary>
    public static readonly ReadOnlyMemory<byte> Removed = new byte[] { 0xf6 };

    public static void Write(CborWriter cbor, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> map)
    {
        cbor.Map(map.Count);
        foreach (var (key, value) in map)
        {
            cbor.Text(key);
            cbor.Item(value.Span);
        }
    }

    public static void WriteServices(CborWriter cbor, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> services)
    {
        cbor.Map(services.Count);
        foreach (var (service, map) in services)
        {
            cbor.Text(service);
            Write(cbor, map);
        }
    }

    /// <exception cref="ArteryException">It is malformed, or has a key twice.</exception>
    public static Dictionary<string, ReadOnlyMemory<byte>> Read(ref CborReader cbor)
    {
        var count = cbor.ReadMap();
        var map = new Dictionary<string, ReadOnlyMemory<byte>>();
        for (var i = 0; i < count; i++)
        {
            var key = cbor.ReadText(ArteryLimits.NameBytes);
            var item = cbor.ReadItem();
            if (!IsPrimitive(item))
                throw ArteryException.Malformed($"The state of '{key}' is no primitive value.");
            if (!map.TryAdd(key, item.ToArray()))
                throw ArteryException.Malformed($"The state has the key '{key}' twice.");
        }

        return map;
    }

    /// <exception cref="ArteryException">It is malformed, or has a service twice.</exception>
    public static Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> ReadServices(ref CborReader cbor)
    {
        var count = cbor.ReadMap();
        var services = new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>();
        for (var i = 0; i < count; i++)
        {
            var service = cbor.ReadText(ArteryLimits.NameBytes);
            if (!services.TryAdd(service, Read(ref cbor)))
                throw ArteryException.Malformed($"The state has the service '{service}' twice.");
        }

        return services;
    }

    /// <summary>Whether a whole CBOR item is made of null, booleans, numbers, text, lists and maps: of anything but byte strings.</summary>
    public static bool IsPrimitive(ReadOnlySpan<byte> item)
    {
        var cbor = new CborReader(item);
        while (!cbor.AtEnd)
        {
            switch (cbor.Peek())
            {
                case CborKind.Bytes: return false;
                case CborKind.Array: cbor.ReadArray(); break;
                case CborKind.Map: cbor.ReadMap(); break;
                default: cbor.ReadItem(); break;
            }
        }

        return true;
    }
}
