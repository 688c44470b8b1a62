namespace Allotrope.Contracts;

/// <summary>How a zone fares.</summary>
/// <param name="Core"><c>running</c>, <c>stabilized</c>, <c>zombie</c> or <c>stopped</c>.</param>
/// <param name="PulseMicroseconds">Mean latency of heartbeats over all arteries; <see langword="null"/> before the first answer.</param>
/// <param name="Slowest">The receiver that lags most behind, when one does.</param>
/// <param name="Beat">Beats since the core started.</param>
/// <param name="Refused">Connections that the node has closed before they had proved any zone's key.</param>
/// <param name="LastRefused">From where the last of them came, and why it was closed.</param>
/// <param name="Address">Where services dial the core, <c>ws://…/artery</c>; <see langword="null"/> when nothing listens.</param>
public sealed record ZoneStatus(
    string Zone, string Core, string Message, long StateVersion, double? PulseMicroseconds, string? Slowest, IReadOnlyList<ArteryStatus> Arteries,
    long Beat = 0, string? Address = null, long Refused = 0, string? LastRefused = null);

/// <summary>One artery. Counts are of intents since the core started.</summary>
/// <param name="Connection"><c>open</c>, <c>dialling</c>, <c>awaited</c>, <c>flat</c> or <c>severed</c>.</param>
/// <param name="Sent">Intents the service has sent.</param>
/// <param name="Received">Intents written to it.</param>
/// <param name="Missed">Intents meant for it that were dropped.</param>
/// <param name="Waiting">Intents in its queue now.</param>
/// <param name="Answered">Beats it has answered since the core started.</param>
/// <param name="Unanswered">Beats in a row that it has not answered, up to now.</param>
/// <param name="Satellite">The remote system it stands for; <see langword="null"/> for an ordinary service.</param>
/// <param name="Health">
/// What it says about its own health, or about that of the remote it stands for: the text under <c>health</c> in its state, by custom <c>ok</c> when all is well.
/// </param>
public sealed record ArteryStatus(
    string Service, string Connection, double? PulseMicroseconds, long Sent, long Received, long Missed, int Waiting, string Message,
    long Answered = 0, int Unanswered = 0, string? Satellite = null, string? Health = null)
{
    /// <summary>The key of a service's state under which it tells its health.</summary>
    public const string HealthKey = "health";

    /// <summary>The health of one that is well.</summary>
    public const string Well = "ok";
}

public sealed record ZoneStatusList(IReadOnlyList<ZoneStatus> Zones);

/// <summary>An intent as the bus carries it, for <c>allot intent send|tail</c> and taps.</summary>
/// <param name="Data">JSON text of the primitive data.</param>
/// <param name="Time">When it was built.</param>
/// <param name="Sequence">Of the origin, from 1.</param>
public sealed record IntentRecord(string Zone, string Origin, string Name, string Data, DateTimeOffset Time, long Sequence);
