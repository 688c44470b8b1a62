namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>The words the official scripts use for reasons to trap.</summary>
static class TrapText
{
    public static bool Means(string text, TrapKind kind) => kind switch
    {
        TrapKind.Unreachable => text == "unreachable",
        TrapKind.MemoryOutOfBounds => text is "out of bounds memory access" or "out of bounds",
        TrapKind.TableOutOfBounds => text == "out of bounds table access",
        TrapKind.UndefinedElement => text == "undefined element",
        TrapKind.UninitializedElement => text.StartsWith("uninitialized element", StringComparison.Ordinal),
        TrapKind.IndirectCallTypeMismatch => text.StartsWith("indirect call", StringComparison.Ordinal),
        TrapKind.IntegerDivideByZero => text == "integer divide by zero",
        TrapKind.IntegerOverflow => text == "integer overflow",
        TrapKind.InvalidConversionToInteger => text == "invalid conversion to integer",
        TrapKind.NullReference => text.StartsWith("null ", StringComparison.Ordinal) && text.EndsWith("reference", StringComparison.Ordinal),
        TrapKind.CastFailure => text.StartsWith("cast", StringComparison.Ordinal),
        TrapKind.ArrayOutOfBounds => text == "out of bounds array access",
        TrapKind.StackExhausted => text == "call stack exhausted",
        _ => false,
    };
}
