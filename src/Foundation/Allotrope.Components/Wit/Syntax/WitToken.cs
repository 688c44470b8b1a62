namespace Allotrope.Components.Wit;

/// <summary>A word of a WIT file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; of an identifier without its <c>%</c>, of a string its value.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Start">Offset of its first character.</param>
/// <param name="End">Offset behind its last character.</param>
/// <param name="IsExplicit">Whether it was written with a <c>%</c>, so that it is a name even if it looks like a keyword.</param>
/// <param name="Docs">The documentation comments right before it.</param>
readonly record struct WitToken(WitTokenKind Kind, string Text, WitPosition Position, int Start, int End, bool IsExplicit, string? Docs)
{
    internal bool Is(string text) => Kind is WitTokenKind.Identifier or WitTokenKind.Symbol && !IsExplicit && Text == text;

    /// <summary>For messages.</summary>
    public override string ToString() => Kind switch
    {
        WitTokenKind.End => "the end of the file",
        WitTokenKind.Text => "a string",
        _ => $"`{Text}`",
    };
}

enum WitTokenKind
{
    End,
    Identifier,
    Integer,
    Text,
    Symbol,
}
