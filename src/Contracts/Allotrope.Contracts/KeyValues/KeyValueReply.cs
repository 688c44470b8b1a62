namespace Allotrope.Contracts;

/// <summary>What a <see cref="KeyValueOperation"/> is answered with; what it does not speak of is absent. What cannot be done is a fault.</summary>
public sealed record KeyValueReply
{
    /// <summary>For each key asked for, <see langword="null"/> when it is absent.</summary>
    public IReadOnlyList<KeyValueEntry?> Entries { get; init; } = [];

    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Where the next page of keys begins; <see langword="null"/> when this was the last.</summary>
    public string? Next { get; init; }

    public Int128 Number { get; init; }

    public bool Found { get; init; }
}

/// <param name="Value">Not to be written to.</param>
/// <param name="Revision">Another one whenever the value was written again.</param>
public sealed record KeyValueEntry(ReadOnlyMemory<byte> Value, long Revision);
