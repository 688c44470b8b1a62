namespace Allotrope.Wasi;

/// <summary>What one instance may make the host hold for it.</summary>
public sealed record WasiLimits
{
    /// <summary>Pollables in one call of <c>poll</c>, subscriptions in one of <c>poll_oneoff</c>.</summary>
    public int Pollables { get; init; } = 1024;

    /// <summary>Open files and directories, preopened ones not counted: each takes a descriptor of this process.</summary>
    public int Descriptors { get; init; } = 1024;

    /// <summary>Sockets, connections included: each takes a descriptor of this process.</summary>
    public int Sockets { get; init; } = 256;

    /// <summary>Bytes of randomness in one call.</summary>
    public int RandomBytes { get; init; } = 1 << 20;
}
