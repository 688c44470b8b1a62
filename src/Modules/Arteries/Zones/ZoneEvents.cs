namespace Allotrope.Arteries;

/// <summary>What a zone's core asks of its surroundings. Called with the core's lock held: do not block.</summary>
/// <param name="Dial">Asked at each beat for each service that should be dialled and has no artery; <see cref="ZoneCore.DialEnded"/> ends it.</param>
/// <param name="Restart">
/// Asked when a required service has flat-lined under the policy <c>restart</c>; <see cref="ZoneCore.RestartEnded"/> says what came of it.
/// </param>
/// <param name="Stopped">The core has stopped because of a flat line; the text says which.</param>
/// <param name="Tap">Sees every intent the zone is told.</param>
sealed record ZoneEvents(
    Action<Member> Dial,
    Action<string>? Restart = null,
    Action<string>? Stopped = null,
    IIntentTap? Tap = null);

/// <summary>Looks at the intents of a zone. It can neither change nor delay them.</summary>
interface IIntentTap
{
    /// <summary>Whether anybody looks now; asked once for each batch.</summary>
    bool IsWanted { get; }

    void See(in Artery.Intent intent);
}
