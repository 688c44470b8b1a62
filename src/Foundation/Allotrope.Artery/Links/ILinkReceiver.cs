using System.Buffers;

namespace Allotrope.Artery;

/// <summary>
/// What a link tells its owner. All that arrives is told in order by one thread at a time; spans are valid during the call. Do not block: nothing
/// else
/// arrives on the wire meanwhile. An <see cref="ArteryException"/> thrown from here closes the artery with its code.
/// </summary>
public interface ILinkReceiver
{
    /// <summary>The handshake is complete, nothing else has arrived yet, and sending is possible.</summary>
    void OnOpened(ArteryLink link)
    {
    }

    void OnIntents(ArteryLink link, ref IntentBatchReader batch);

    /// <param name="content">One CBOR item; see <see cref="Beat"/> and <see cref="BeatReply"/>.</param>
    void OnHeartbeat(ArteryLink link, ReadOnlySpan<byte> content);

    /// <param name="content">One CBOR item; see <see cref="StateReport"/>.</param>
    void OnState(ArteryLink link, ReadOnlySpan<byte> content);

    /// <param name="content">One CBOR item; see <see cref="Invocation"/>.</param>
    void OnInvoke(ArteryLink link, ReadOnlySpan<byte> content);

    /// <summary>A control message other than the handshake's and CLOSE.</summary>
    /// <param name="content">What follows the type byte.</param>
    void OnControl(ArteryLink link, ControlType type, ReadOnlySpan<byte> content);

    /// <param name="more">Whether the same resource goes on with the next piece.</param>
    void OnResource(ArteryLink link, ReadOnlySpan<byte> piece, bool more)
    {
    }

    /// <summary>
    /// The place of the heartbeat that <see cref="ArteryLink.RequestHeartbeat"/> asked for has come: all intents reported by <see cref="OnPassed"/>
    /// as
    /// written stand before it on the wire, all others behind it. Called by the sending thread.
    /// </summary>
    void WriteHeartbeat(ArteryLink link, IBufferWriter<byte> output) =>
        throw new NotSupportedException("This end of the artery sends no heartbeats of its own.");

    /// <summary>
    /// An intent that <see cref="ArteryLink.TrySend(in Intent)"/> took was written, or was <paramref name="dropped"/>: each is told exactly once.
    /// Called with the link's
    /// queue locked, by any thread: take no lock here that is held while sending.
    /// </summary>
    void OnPassed(ArteryLink link, Origin origin, long sequence, bool dropped)
    {
    }

    /// <summary>The last call for a link that was opened.</summary>
    void OnClosed(ArteryLink link, CloseCode code, string text);
}
