namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>A part of a script: a word, a string of bytes, or a list of parts. <c>Line</c> is where it starts, from 1.</summary>
abstract record Node(int Line)
{
    public sealed record Word(int Line, string Value) : Node(Line)
    {
        public override string ToString() => Value;
    }

    public sealed record Text(int Line, byte[] Bytes) : Node(Line);

    public sealed record Sequence(int Line, IReadOnlyList<Node> Items) : Node(Line)
    {
        public override string ToString() => $"({string.Join(' ', Items)})";

        /// <summary>The word a list begins with: its command.</summary>
        public string Head => Items is [Word word, ..] ? word.Value : throw new FormatException($"line {Line}: a list must begin with a word.");
    }
}
