namespace Allotrope.Wasm;

/// <summary>How a replay went.</summary>
public sealed record ReplayOutcome
{
    /// <summary>Where it went another way than the record, in a sentence; null when everything was the same to the last byte.</summary>
    public string? Divergence { get; init; }

    /// <summary>What the last call of the host was left with: a <see cref="Trap"/>, a <see cref="GuestException"/>, a <see cref="HostException"/>, or null.</summary>
    public Exception? Thrown { get; init; }

    /// <summary>What the last call of the host returned; empty when it threw.</summary>
    public IReadOnlyList<Value> Results { get; init; } = [];

    /// <summary>The function that the host called last, by its name or number.</summary>
    public string Function { get; init; } = "";

    /// <summary>Host calls that were answered from the record.</summary>
    public int HostCalls { get; init; }

    /// <summary>The instance as the replay left it.</summary>
    public required Instance Instance { get; init; }
}
