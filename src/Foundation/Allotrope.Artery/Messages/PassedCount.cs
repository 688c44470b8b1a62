namespace Allotrope.Artery;

/// <summary>How many intents of an origin were meant for one receiver; what arrived subtracted, that is what it missed.</summary>
/// <param name="HighSequence">The highest sequence number of the origin that the core has seen.</param>
/// <param name="Passed">Written to the receiver or dropped on the way to it, up to the heartbeat's place in the stream.</param>
/// <param name="Unknown">Sequence numbers the core itself never saw.</param>
public readonly record struct PassedCount(string Origin, long Epoch, long HighSequence, long Passed, long Unknown)
{
    internal void Write(CborWriter cbor)
    {
        cbor.Array(5);
        cbor.Text(Origin);
        cbor.Integer(Epoch);
        cbor.Integer(HighSequence);
        cbor.Integer(Passed);
        cbor.Integer(Unknown);
    }

    internal static PassedCount Read(ref CborReader cbor)
    {
        cbor.ReadArray(5);
        return new PassedCount(cbor.ReadText(ArteryLimits.NameBytes), cbor.ReadCount(), cbor.ReadCount(), cbor.ReadCount(), cbor.ReadCount());
    }
}
