namespace Allotrope.Contracts;

/// <summary>
/// A zone: the services that share a key and a core, as a blueprint component of type <c>zone</c> or a compose file describes it.
/// </summary>
/// <param name="Zone">Name, letters, digits, <c>-</c> and <c>_</c>; for a compose file its <c>name</c> or the folder's.</param>
/// <param name="Heartbeat">Between two beats, 100 ms to 1 min; 3 s when not said.</param>
/// <param name="Missed">How many beats in a row a service may miss before it counts as flat-lined.</param>
/// <param name="Stabilized">Whether <c>CORE_STABLIZED</c> is sent once every service has answered its first heartbeat.</param>
/// <param name="OnFlatline">What the core does when a required service has flat-lined.</param>
/// <param name="Key">Name of the zone's key in the node's secrets; never the key.</param>
public sealed record ZoneManifest(
    string Zone,
    TimeSpan Heartbeat,
    int Missed,
    bool Stabilized,
    FlatlinePolicy OnFlatline,
    string Key,
    IReadOnlyList<ZoneService> Services)
{
    public static readonly TimeSpan DefaultHeartbeat = TimeSpan.FromSeconds(3);

    public const int DefaultMissed = 5;

    /// <summary>Mebibytes of files in which the node keeps the newest intents for people to read, 1 to 65,536; 0 for none.</summary>
    public int Archive { get; init; }

    /// <summary>The contract by which an actor linked to a zone says and hears intents.</summary>
    public const string Contract = "wasmcloud:messaging";
}

/// <summary>One service of a zone.</summary>
/// <param name="Name">How intents name it as origin.</param>
/// <param name="Host">Where the core dials it; <see langword="null"/> for a service that dials the core.</param>
/// <param name="Port">1122 when not said.</param>
/// <param name="Receive">Names or prefixes ending in <c>*</c> of the intents it is sent; empty for all.</param>
/// <param name="Emit">The same for what it may say; empty for all.</param>
/// <param name="Backlog">True keeps what could not be delivered until the next beat, once, bounded; false drops and counts it.</param>
/// <param name="Queue">Intents that wait for it at most.</param>
/// <param name="Ordered">Intents whose handlers must not overlap.</param>
/// <param name="Satellite">The remote endpoint it proxies, for people to read; <see langword="null"/> for an ordinary service.</param>
/// <param name="Legacy">Speaks the original JSON, without proof of the key.</param>
public sealed record ZoneService(
    string Name,
    string? Host,
    int Port,
    IReadOnlyList<string> Receive,
    IReadOnlyList<string> Emit,
    bool Backlog,
    bool Required,
    int Queue,
    SlowPolicy Slow,
    IReadOnlyList<string> Ordered,
    string? Satellite,
    bool Legacy)
{
    public const int DefaultPort = 1122;
    public const int DefaultQueue = 1024;
    public const int DefaultRate = 1_000_000;

    /// <summary>
    /// Intents and frames together that it may say in a second, 1 to 100,000,000, and one second's worth at once: more is a flood, which closes its
    /// artery.
    /// </summary>
    public int Rate { get; init; } = DefaultRate;

    /// <summary>Whether it is dialled by <c>wss</c>.</summary>
    public bool Tls { get; init; }
}

/// <summary>What happens when a required service has missed too many beats.</summary>
public enum FlatlinePolicy
{
    /// <summary>The zone's core stops: Ozone's default.</summary>
    Stop,

    /// <summary>The core goes on without it and says so.</summary>
    Zombie,

    /// <summary>The workload manager is asked to start the service again.</summary>
    Restart,
}

/// <summary>What happens to a receiver that does not keep up.</summary>
public enum SlowPolicy
{
    /// <summary>The oldest waiting intent makes room; the receiver is told how many.</summary>
    DropOldest,

    /// <summary>Of waiting intents of one name and origin only the newest stays; what it replaced counts as missed.</summary>
    Coalesce,

    /// <summary>Its artery is closed.</summary>
    Sever,
}
