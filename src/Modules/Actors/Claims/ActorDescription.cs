namespace Allotrope.Actors;

/// <summary>What an actor's signer says of it; the part of its claims that a person chooses.</summary>
public sealed record ActorDescription
{
    /// <summary>For people.</summary>
    public string Name { get; init; } = "";

    /// <summary>For people, such as <c>1.2.0</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>Grows with every release.</summary>
    public int Revision { get; init; }

    /// <summary>A name under which other actors may call it; empty for none.</summary>
    public string CallAlias { get; init; } = "";

    /// <summary>The contracts it may use when linked to them, such as <c>wasmcloud:keyvalue</c>.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>True for a provider written as an actor.</summary>
    public bool IsProvider { get; init; }
}
