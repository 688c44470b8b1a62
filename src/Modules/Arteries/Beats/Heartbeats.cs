using Allotrope.Contracts;

namespace Allotrope.Arteries;

/// <summary>Who answers heartbeats and who does not. Guarded by the core's lock.</summary>
sealed class Heartbeats(ZoneManifest manifest, TimeProvider time)
{
    /// <summary>Beats since the core began.</summary>
    public long Count { get; private set; }

    /// <summary>Every service of the manifest has answered its first heartbeat.</summary>
    public bool IsStabilized { get; private set; }

    /// <summary>The zone goes on without a service that it requires.</summary>
    public bool IsZombie { get; set; }

    public void Next() => Count++;

    /// <summary>An artery opens, and its first beat goes out.</summary>
    public static void Begin(Member member)
    {
        (member.Beat, member.Confirmed, member.RequestState, member.AwaitsReply) = (0, 0, true, true);
        (member.WasSevered, member.Message) = (false, "");
        member.Pulse.Clear();
    }

    /// <summary>Counts a beat that a member has not answered, because it did not or because it is not there.</summary>
    /// <returns>True when it has just flat-lined.</returns>
    public bool Missed(Member member)
    {
        member.MissedAtBeats = (member.MissedAtBeats.Last, member.Missed);
        if (member is { Artery: not null, AwaitsReply: false } || Count == 1)
            return false;
        member.Unanswered++;
        if (member.Unanswered % manifest.Missed != 0 || member.Unanswered == 0)
            return false;
        // Once, except that a restart is asked for again when the last one has not helped
        var tells = !member.IsFlat || manifest.OnFlatline == FlatlinePolicy.Restart;
        member.IsFlat = true;
        return tells;
    }

    public PulseChange Answered(Member member)
    {
        (member.AwaitsReply, member.HasAnswered, member.Unanswered) = (false, true, 0);
        member.Answered++;
        if (member.IsFlat)
            (member.IsFlat, member.Message) = (false, "");
        return member.Pulse.Add(time.GetElapsedTime(member.BeatSent).TotalMicroseconds);
    }

    /// <summary>
    /// A first beat is answered by two messages in either order, as they travel in different lanes: the reply, and the report of state and of what
    /// was known.
    /// </summary>
    /// <returns>True once, when the last service of the manifest has answered.</returns>
    public bool HasStabilized(IReadOnlyList<Member> members)
    {
        if (IsZombie && !members.Any(member => member is { IsFlat: true, Manifest.Required: true }))
            IsZombie = false;
        if (IsStabilized || !manifest.Stabilized || manifest.Services.Count == 0)
            return false;
        // Those of the manifest come first
        for (var i = 0; i < manifest.Services.Count; i++)
            if (members[i] is { HasAnswered: false } or { AwaitsKnown: true })
                return false;
        return IsStabilized = true;
    }

    /// <summary>
    /// The receiver that lags most: by what waits for it and by what it was made to miss, while connected, within the last two beats.
    /// </summary>
    public static Member? Slowest(IReadOnlyList<Member> members)
    {
        Member? slowest = null;
        var most = 0L;
        foreach (var member in members)
        {
            if (member.Artery is null && !member.WasSevered)
                continue;
            var lag = member.Waiting + member.Missed - member.MissedAtBeats.Earlier + (member.WasSevered ? 1 : 0);
            if (lag > most)
                (slowest, most) = (member, lag);
        }
        return slowest;
    }
}
