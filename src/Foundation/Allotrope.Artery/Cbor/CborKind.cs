namespace Allotrope.Artery;

/// <summary>What a CBOR item of the restricted form is.</summary>
public enum CborKind
{
    Null,
    Boolean,
    Integer,
    Double,
    Text,
    Bytes,
    Array,
    Map,
}
