namespace Allotrope.Kernel;

/// <summary>What a MessagePack value is.</summary>
public enum MessagePackKind
{
    Nil,
    Boolean,
    Integer,
    Float,
    String,
    Binary,
    Array,
    Map,
    Extension,
}
