namespace Allotrope.Artery;

/// <summary>The bounds of the artery protocol: what is larger is refused before memory is taken for it.</summary>
public static class ArteryLimits
{
    /// <summary>Of a frame before the handshake is complete, in bytes: the three messages fit several times over.</summary>
    public const int HandshakeFrameBytes = 4 * 1024;

    /// <summary>Of a frame afterwards, in bytes, header and tag included.</summary>
    public const int FrameBytes = 1024 * 1024;

    /// <summary>Of a content that comes in pieces, in bytes: the whole state of a zone of a hundred services fits.</summary>
    public const int ContentBytes = 8 * 1024 * 1024;

    /// <summary>Of an intent's data, in bytes, so that it always fits one frame.</summary>
    public const int IntentBytes = 256 * 1024;

    /// <summary>
    /// At which a batch of intents is closed and the next one begun, in bytes: large enough to spread the cost of a frame, small enough not to hold a
    /// heartbeat up.
    /// </summary>
    public const int BatchBytes = 32 * 1024;

    /// <summary>Of a piece of a resource, in bytes, so that nothing waits long behind it.</summary>
    public const int ResourcePieceBytes = 16 * 1024;

    /// <summary>Of a piece of any other content, in bytes.</summary>
    public const int PieceBytes = 256 * 1024;

    /// <summary>Of a service's state, in bytes of CBOR.</summary>
    public const int StateBytes = 64 * 1024;

    /// <summary>Of the merged state of a zone, in bytes of CBOR: it fits a heartbeat, with room for what else that says.</summary>
    public const int ZoneStateBytes = 100 * StateBytes;

    /// <summary>Of the number of an intent: JavaScript counts no further without a gap.</summary>
    public const long Sequence = (1L << 53) - 1;

    /// <summary>Of the name of an intent, a service, a zone or a user, in bytes of UTF-8.</summary>
    public const int NameBytes = 128;

    /// <summary>Of names, and of origins, interned on one link in one direction.</summary>
    public const int Interned = 4096;

    /// <summary>Of arrays and maps inside one another in a CBOR item.</summary>
    public const int CborDepth = 16;

    /// <summary>Of (zone, service) pairs that share a wire.</summary>
    public const int Links = 64;

    /// <summary>Of bytes waiting in one lane of one link.</summary>
    public const int LaneBytes = 16 * 1024 * 1024;

    /// <summary>Of messages other than intents waiting in one lane of one link.</summary>
    public const int LaneContents = 4096;

    /// <summary>Within which the handshake must be complete.</summary>
    public static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5);

    /// <summary>That a closing wire waits for the other side's farewell before it is cut.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);
}
