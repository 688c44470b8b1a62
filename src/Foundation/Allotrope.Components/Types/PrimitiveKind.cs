namespace Allotrope.Components;

/// <summary>The types of values that are not made of others.</summary>
public enum PrimitiveKind
{
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    Char,
    String,
    ErrorContext,
}
