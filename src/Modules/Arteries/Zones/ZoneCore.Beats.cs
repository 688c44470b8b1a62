using Allotrope.Artery;
using Allotrope.Contracts;

namespace Allotrope.Arteries;

/// <content>The heartbeats, what their answers say, and what happens to those who give none.</content>
sealed partial class ZoneCore
{
    /// <summary>The place of a heartbeat on an artery has come: what it says.</summary>
    public Beat MakeBeat(Member member, IArtery artery)
    {
        lock (_gate)
        {
            if (member.Artery != artery)
                return new Beat(member.Beat, ArteryTime.Now(_time), false, _state.Version, null, [], null); // its last, to nobody
            List<PassedCount> passed = [];
            if (!member.AwaitsKnown)
                foreach (var account in member.Accounts.Values)
                    if (account.Next() is { } line)
                        passed.Add(line);
            var changes = member.Confirmed == _state.Version ? null : _state.Since(member.Confirmed);
            var requesting = member.RequestState;
            member.RequestState = false;
            member.Beat++;
            member.BeatSent = _time.GetTimestamp();
            return new Beat(member.Beat, ArteryTime.Now(_time), requesting, _state.Version, changes, passed, (long?)member.Pulse.Mean);
        }
    }

    /// <summary>A heartbeat is answered.</summary>
    /// <param name="confirmed">
    /// The state's version that the service has now; <see langword="null"/> for one that keeps none and is told all each time.
    /// </param>
    public void Answer(Member member, IArtery artery, long beat, long? confirmed)
    {
        lock (_gate)
        {
            if (member.Artery != artery)
                return;
            TakeFromFlood(member);
            if (confirmed <= _state.Version)
                member.Confirmed = confirmed.Value;
            if (beat != member.Beat || !member.AwaitsReply)
                return; // late: a beat that was given up counts as missed
            var change = _heartbeats.Answered(member);
            if (change != PulseChange.None)
                Say(change == PulseChange.Rise ? CoreSpeech.Rise : CoreSpeech.Drop, CoreSpeech.Pulse(member.Name, member.Pulse.Mean));
            TellWhenStabilized();
        }
    }

    void Beat()
    {
        lock (_gate)
        {
            if (_stopped)
                return;
            _heartbeats.Next();
            foreach (var member in _members.ToArray())
                Beat(member);
        }
    }

    void Beat(Member member)
    {
        while (member.Held.TryTakeBefore(_heartbeats.Count - 1, out var held))
            if (member.Accounts.TryGetValue(held.Origin, out var account))
                Drop(member, account, held.Sequence);
        if (_heartbeats.Missed(member))
            FlatLine(member);
        if (_stopped)
            return;
        if (member.Artery is { } artery)
        {
            member.AwaitsReply = true;
            artery.Beat();
        }
        else if ((member.Manifest.Host is not null || member.Reopen is not null) && !member.IsDialling)
        {
            member.IsDialling = true;
            _events.Dial(member);
        }
    }

    void TellWhenStabilized()
    {
        if (_heartbeats.HasStabilized(_members))
            Say(CoreSpeech.Stabilized, []);
    }

    void FlatLine(Member member)
    {
        member.Message = $"It has missed {Manifest.Missed} heartbeats in a row.";
        CoreLog.FlatLine(_log, Manifest.Zone, member.Name, Manifest.Missed);
        if (member.Artery is { } silent)
        {
            // A peer that answers nothing for so long has most likely lost its wire; a new one can only be opened when this one is given up
            Close(member, silent, CloseCode.Severed, $"No answer to {Manifest.Missed} heartbeats.");
            silent.Close(CloseCode.Severed, $"No answer to {Manifest.Missed} heartbeats.");
        }
        Say(CoreSpeech.Flatline, CoreSpeech.Pulse(member.Name, null));
        if (!member.Manifest.Required)
            return;
        switch (Manifest.OnFlatline)
        {
            case FlatlinePolicy.Stop:
                Stop($"The zone stopped because {member.Name}, which it requires, has missed {Manifest.Missed} heartbeats: " +
                    $"start {member.Name}, then the zone again.");
                _events.Stopped?.Invoke(_message);
                break;
            case FlatlinePolicy.Zombie:
                _heartbeats.IsZombie = true;
                _message = $"The zone goes on without {member.Name}, which it requires.";
                break;
            case FlatlinePolicy.Restart:
                _message = $"{member.Name} has flat-lined; its restart was asked for.";
                _events.Restart?.Invoke(member.Name);
                break;
        }
    }
}
