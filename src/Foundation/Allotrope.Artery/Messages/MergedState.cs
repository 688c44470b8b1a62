using System.Buffers;

namespace Allotrope.Artery;

/// <summary>Control STATE: the merged state, in answer to GET_STATE of the same request number.</summary>
public sealed record MergedState(long Request, long Version, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Services)
{
    public void Write(IBufferWriter<byte> output)
    {
        Varint.Write(output, (ulong)Request);
        var cbor = new CborWriter(output);
        cbor.Array(2);
        cbor.Integer(Version);
        StateMap.WriteServices(cbor, Services);
    }

    /// <exception cref="ArteryException">It is malformed.</exception>
    public static MergedState Read(ReadOnlySpan<byte> content)
    {
        var request = Varint.ReadCount(ref content);
        var cbor = new CborReader(content);
        cbor.ReadArray(2);
        var state = new MergedState(request, cbor.ReadCount(), StateMap.ReadServices(ref cbor));
        cbor.ExpectEnd();
        return state;
    }
}
