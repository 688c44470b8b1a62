using System.Buffers;

namespace Allotrope.Artery;

/// <summary>A service's state, or what changed of it, service to core.</summary>
/// <param name="Full">It is the whole state.</param>
/// <param name="Known">In answer to a requesting heartbeat: what the service knows of the streams, for a core that starts anew.</param>
public sealed record StateReport(long Version, bool Full, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> State, KnownStreams? Known)
{
    public void Write(IBufferWriter<byte> output)
    {
        var cbor = new CborWriter(output);
        cbor.Array(4);
        cbor.Integer(Version);
        cbor.Boolean(Full);
        StateMap.Write(cbor, State);
        if (Known is null)
        {
            cbor.Null();
            return;
        }

        cbor.Array(2);
        cbor.Integer(Known.NextSequence);
        cbor.Array(Known.Origins.Count);
        foreach (var origin in Known.Origins)
            origin.Write(cbor);
    }

    /// <exception cref="ArteryException">It is malformed or holds what is no primitive value.</exception>
    public static StateReport Read(ReadOnlySpan<byte> content)
    {
        var cbor = new CborReader(content);
        cbor.ReadArray(4);
        var report = new StateReport(cbor.ReadCount(), cbor.ReadBoolean(), StateMap.Read(ref cbor), ReadKnown(ref cbor));
        cbor.ExpectEnd();
        return report;
    }

    static KnownStreams? ReadKnown(ref CborReader cbor)
    {
        if (cbor.TryReadNull())
            return null;
        cbor.ReadArray(2);
        var next = cbor.ReadCount();
        // A list, because memory is taken for what has been read and not for what is announced
        List<KnownOrigin> origins = [];
        for (var left = cbor.ReadArray(); left > 0; left--)
            origins.Add(KnownOrigin.Read(ref cbor));
        return new KnownStreams(next, origins);
    }
}

/// <summary>What a service knows of the streams.</summary>
/// <param name="NextSequence">Of the next intent it will build.</param>
public sealed record KnownStreams(long NextSequence, IReadOnlyList<KnownOrigin> Origins);

/// <summary>What a receiver knows of one origin.</summary>
public readonly record struct KnownOrigin(string Origin, long Epoch, long HighSequence, long Arrived, long Missed, long Unknown)
{
    internal void Write(CborWriter cbor)
    {
        cbor.Array(6);
        cbor.Text(Origin);
        cbor.Integer(Epoch);
        cbor.Integer(HighSequence);
        cbor.Integer(Arrived);
        cbor.Integer(Missed);
        cbor.Integer(Unknown);
    }

    internal static KnownOrigin Read(ref CborReader cbor)
    {
        cbor.ReadArray(6);
        return new KnownOrigin(
            cbor.ReadText(ArteryLimits.NameBytes), cbor.ReadCount(), cbor.ReadCount(), cbor.ReadCount(), cbor.ReadCount(), cbor.ReadCount());
    }
}
