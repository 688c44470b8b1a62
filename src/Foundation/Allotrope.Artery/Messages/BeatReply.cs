using System.Buffers;

namespace Allotrope.Artery;

/// <summary>The answer to a heartbeat, service to core, at once.</summary>
/// <param name="Number">Of the beat.</param>
/// <param name="Sent">Of the beat, echoed.</param>
/// <param name="StateVersion">Of the merged state that the service has now.</param>
/// <param name="Gaps">All intents it knows to have missed.</param>
public readonly record struct BeatReply(long Number, long Sent, long StateVersion, long Gaps)
{
    public void Write(IBufferWriter<byte> output)
    {
        var cbor = new CborWriter(output);
        cbor.Array(4);
        cbor.Integer(Number);
        cbor.Integer(Sent);
        cbor.Integer(StateVersion);
        cbor.Integer(Gaps);
    }

    /// <exception cref="ArteryException">It is malformed.</exception>
    public static BeatReply Read(ReadOnlySpan<byte> content)
    {
        var cbor = new CborReader(content);
        cbor.ReadArray(4);
        var reply = new BeatReply(cbor.ReadCount(), cbor.ReadInteger(), cbor.ReadCount(), cbor.ReadCount());
        cbor.ExpectEnd();
        return reply;
    }
}
