namespace Allotrope.Contracts;

/// <summary>A document as written, every part with its place: what YAML and JSON have in common.</summary>
abstract record Node(Place At)
{
    /// <param name="Plain">Written without quotes, so that it may stand for a number, a truth value or nothing.</param>
    public sealed record Scalar(Place At, string Text, bool Plain) : Node(At)
    {
        public bool IsNothing => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
    }

    public sealed record Mapping(Place At, IReadOnlyList<Entry> Entries) : Node(At);

    public sealed record Sequence(Place At, IReadOnlyList<Node> Items) : Node(At);

    /// <summary>What it is called in a message.</summary>
    public string Kind => this switch
    {
        Scalar { IsNothing: true } => "nothing",
        Scalar scalar => $"'{Quote.Short(scalar.Text)}'",
        Mapping => "a mapping",
        Sequence => "a list",
        _ => throw new InvalidOperationException($"{GetType().Name} is no kind of node"),
    };
}

sealed record Entry(string Key, Place At, Node Value);
