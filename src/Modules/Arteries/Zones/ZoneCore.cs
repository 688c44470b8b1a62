using Allotrope.Artery;
using Allotrope.Contracts;
using Invocation = Allotrope.Artery.Invocation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Allotrope.Arteries;

/// <summary>
/// The heart of one zone: takes what arrives on arteries, forwards it, beats, and keeps the books. It has no dependency on any service and no thread:
/// one lock makes it a single writer, held for the microseconds that forwarding takes and never across a wait. Handing each batch to a loop of its
/// own instead would cost a copy and a wake-up, which is more than all the rest.
/// </summary>
sealed class ZoneCore : IDisposable
{
    /// <summary>Of a service's word on its health: one line of a table.</summary>
    const int HealthBytes = 200;

    /// <summary>Intents of one batch that are forwarded before others have their turn.</summary>
    const int IntentsAtOnce = 512;

    /// <summary>Of the zone's state, whose writing takes as long as forwarding an intent: a flood of questions is one too.</summary>
    const int StateBytesPerIntent = 64;

    /// <summary>What the status costs for each member, in intents.</summary>
    const int IntentsPerStatus = 8;

    readonly Lock _gate = new();
    readonly TimeProvider _time;
    readonly ZoneEvents _events;
    readonly ZoneLimits _limits;
    readonly ILogger _log;
    readonly List<Member> _members = [];
    readonly Dictionary<string, Member> _named = [];
    readonly FanOut _fanOut;
    readonly GapBook _gaps = new();
    readonly ZoneState _state;
    readonly CallTable _calls;
    readonly Heartbeats _heartbeats;
    readonly Origin _self;
    readonly ITimer _timer;
    long _said;
    bool _stopped;
    string _message = "";

    /// <param name="manifest">What the zone is.</param>
    /// <param name="epoch">Of this core: larger at each start.</param>
    public ZoneCore(ZoneManifest manifest, long epoch, ZoneEvents events, ZoneLimits limits, TimeProvider time, ILogger? log = null)
    {
        (Manifest, _events, _limits, _time, _log) = (manifest, events, limits, time, log ?? NullLogger.Instance);
        _self = new Origin(CoreSpeech.Origin, epoch);
        _fanOut = new FanOut(_members);
        _state = new ZoneState(time);
        _calls = new CallTable(time, _gate);
        _heartbeats = new Heartbeats(manifest, time);
        lock (_gate)
            foreach (var service in manifest.Services)
                AddMember(service.Name, service);
        // The first beat at once: services that listen are dialled now, not an interval later
        _timer = time.CreateTimer(_ => Beat(), null, TimeSpan.Zero, manifest.Heartbeat);
    }

    public ZoneManifest Manifest { get; }

    public long Epoch => _self.Epoch;

    /// <summary>The member that may connect under this name; <see langword="null"/> when the manifest knows no such service.</summary>
    /// <param name="user">A user of the service, who becomes a member <c>{service}/{user}</c> with the service's lists.</param>
    public Member? Find(string service, string? user = null)
    {
        lock (_gate)
        {
            if (_stopped || !_named.TryGetValue(service, out var member) || user is null)
                return _stopped ? null : _named.GetValueOrDefault(service);
            var name = $"{service}/{user}";
            if (_named.TryGetValue(name, out var known))
                return known;
            if (_members.Count >= Manifest.Services.Count + _limits.Users && !ForgetUser())
                return null;
            return AddMember(name, member.Manifest with { Name = name, Host = null, Required = false }, isUser: true);
        }
    }

    /// <summary>Adds a service that the manifest does not name, such as a linked actor, or finds it.</summary>
    public Member Admit(ZoneService service)
    {
        lock (_gate)
            return _named.TryGetValue(service.Name, out var member) ? member : AddMember(service.Name, service);
    }

    /// <summary>Takes back what <see cref="Admit"/> added; a service of the manifest stays, without its artery.</summary>
    public void Dismiss(Member member)
    {
        lock (_gate)
        {
            member.Reopen = null;
            if (member.Artery is { } artery)
            {
                Close(member, artery, CloseCode.Leaving, "");
                artery.Close(CloseCode.Leaving, "The service is no longer part of the zone.");
            }
            if (Manifest.Services.Contains(member.Manifest))
                return;
            _members.Remove(member);
            _named.Remove(member.Name);
            _gaps.Remove(member);
            _fanOut.Forget();
        }
    }

    /// <summary>An artery has proved who it is and takes its place; one that was there before is replaced.</summary>
    /// <param name="epoch">Of the service's process.</param>
    public void Open(Member member, IArtery artery, long epoch)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                artery.Close(CloseCode.Stopping, "The zone is stopping.");
                return;
            }
            if (_named.GetValueOrDefault(member.Name) != member)
            {
                artery.Close(CloseCode.Leaving, "The service is no longer part of the zone.");
                return;
            }
            if (member.Artery is { } before)
            {
                // The same process has opened a better way: calls to it go on, and it answers on the new one
                if (member.Epoch != epoch)
                    _calls.Lose(member);
                Close(member, before, CloseCode.Replaced, "");
                before.Close(CloseCode.Replaced, "A newer artery of the same service has replaced this one.");
            }
            _gaps.Open(member, epoch);
            artery.Accounts = member.Accounts;
            member.Artery = artery;
            member.Epoch = epoch;
            member.Run = _gaps.RunOf(new Origin(member.Name, epoch));
            Heartbeats.Begin(member);
            // The beat's place is before the backlog, so that what the service says it knew does not include any of it
            artery.Beat();
            while (member.Held.TryTake(out var held))
                if (member.Accounts.TryGetValue(held.Origin, out var account))
                    Say(member, artery, held.ToIntent(), account);
        }
    }

    /// <summary>The artery is gone. One that was replaced before changes nothing.</summary>
    public void Close(Member member, IArtery artery, CloseCode code, string text)
    {
        lock (_gate)
        {
            if (member.Artery != artery)
                return;
            member.Artery = null;
            member.AwaitsReply = false;
            member.WasSevered = code == CloseCode.Severed;
            if (code is not (CloseCode.Normal or CloseCode.Leaving or CloseCode.Replaced or CloseCode.Stopping))
            {
                member.Message = $"The artery closed ({(int)code}). {text}".TrimEnd();
                if (code != CloseCode.Lost && member.CloseLines.Take())
                    CoreLog.Closed(_log, Manifest.Zone, member.Name, text, (int)code);
            }
            if (code != CloseCode.Replaced)
                _calls.Lose(member);
        }
    }

    /// <summary>A dial that was asked for has come to its end, with an artery or without.</summary>
    public void DialEnded(Member member, string? problem)
    {
        lock (_gate)
        {
            member.IsDialling = false;
            if (problem is not null)
                member.Message = problem;
        }
    }

    /// <summary>What came of the restart that was asked for.</summary>
    /// <param name="problem">Why the service was not started again; <see langword="null"/> when it was.</param>
    public void RestartEnded(string service, string? problem)
    {
        lock (_gate)
        {
            if (_named.GetValueOrDefault(service) is not { IsFlat: true } member)
                return;
            var outcome = problem is null ? "started again." : $"not started again: {problem}";
            member.Message = $"It has missed {Manifest.Missed} heartbeats in a row and was {outcome}";
            _message = $"{service} has flat-lined and was {outcome}"; // the member's may be overwritten by the next dial's
        }
        if (problem is not null)
            CoreLog.NotRestarted(_log, Manifest.Zone, service, problem);
    }

    /// <summary>Forwards intents of a batch.</summary>
    /// <returns>False when none may be left; true after so many that others should have their turn first.</returns>
    public bool Hear(Member member, IArtery artery, ref IntentBatchReader batch)
    {
        lock (_gate)
        {
            if (member.Artery != artery)
                return false;
            var tap = _events.Tap is { IsWanted: true } wanted ? wanted : null;
            TakeFromFlood(member);
            for (var forwarded = 0; forwarded < IntentsAtOnce; forwarded++)
            {
                if (!batch.TryRead(out var intent))
                    return false;
                TakeFromFlood(member);
                Forward(member, artery, intent, tap);
            }
            return true;
        }
    }

    /// <summary>Forwards one intent.</summary>
    /// <exception cref="ArteryException">It is too large, or one too many.</exception>
    public void Hear(Member member, IArtery artery, in Intent intent)
    {
        if (intent.Data.Length > ArteryLimits.IntentBytes)
            throw new ArteryException(
                CloseCode.TooLarge, $"An intent has {intent.Data.Length} bytes of data; at most {ArteryLimits.IntentBytes} are allowed.");
        lock (_gate)
        {
            if (member.Artery != artery)
                return;
            TakeFromFlood(member);
            Forward(member, artery, intent, _events.Tap is { IsWanted: true } wanted ? wanted : null);
        }
    }

    /// <summary>Says an intent as the core.</summary>
    public void Say(string name, ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            if (_stopped)
                return;
            var run = _gaps.RunOf(_self);
            var intent = new Intent(name, _self, ++_said, ArteryTime.Now(_time), data);
            run.See(intent.Sequence);
            Spread(null, intent, _events.Tap is { IsWanted: true } wanted ? wanted : null);
        }
    }

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

    /// <summary>A service reports state, and in answer to a first heartbeat what it knows.</summary>
    public void Report(Member member, IArtery artery, StateReport report)
    {
        lock (_gate)
        {
            if (member.Artery != artery || member.Run is not { } run)
                return;
            TakeFromFlood(member);
            _state.Merge(run.Origin, report);
            if (report.Known is not { } known)
                return;
            CheckSequence(known.NextSequence);
            run.Expect(known.NextSequence);
            _gaps.Know(member, known.Origins);
            TellWhenStabilized();
        }
    }

    /// <summary>The merged state, whole.</summary>
    public StateChange State()
    {
        lock (_gate)
            return _state.Since(0);
    }

    public void TellState(Member member, IArtery artery, long request)
    {
        lock (_gate)
        {
            TakeFromFlood(member, _state.Bytes / StateBytesPerIntent);
            artery.TellState(new MergedState(request, _state.Version, _state.Since(0).Services));
        }
    }

    /// <summary>A service calls another. Its name as caller is the artery's, whatever it says.</summary>
    public void Call(Member member, IArtery artery, Invocation.Request call)
    {
        lock (_gate)
        {
            if (member.Artery != artery)
                return;
            TakeFromFlood(member, call.Target == CoreSpeech.Origin ? IntentsPerStatus * _members.Count : 0);
            if (call.Target == CoreSpeech.Origin)
                artery.Answer(CoreMethods.Answer(call, Status()));
            else
                _calls.Begin(call with { Caller = member.Name }, _named.GetValueOrDefault(call.Target), answer =>
                {
                    if (member.Artery == artery)
                        artery.Answer(answer);
                });
        }
    }

    public void CallAnswered(Member member, Invocation answer)
    {
        lock (_gate)
        {
            TakeFromFlood(member);
            _calls.End(answer.Id, member, answer);
        }
    }

    /// <summary>Counts a frame that asks nothing of the core: it has been read, and may be one of a flood.</summary>
    public void Count(Member member)
    {
        lock (_gate)
            TakeFromFlood(member);
    }

    /// <summary>A service's handler has failed: the intent is gone, and somebody should know.</summary>
    public void Fault(Member member, string intent, string origin, long sequence, string what)
    {
        bool tells;
        lock (_gate)
        {
            TakeFromFlood(member);
            member.Faults++;
            tells = member.FaultLines.Take();
        }
        if (tells)
            CoreLog.NotProcessed(_log, Manifest.Zone, intent, origin, sequence, member.Name, what);
    }

    public ZoneStatus Status()
    {
        lock (_gate)
        {
            var arteries = _members.ConvertAll(StatusOf);
            var pulses = _members.Where(member => member.Artery is not null).Select(member => member.Pulse.Mean).OfType<double>().ToList();
            return new ZoneStatus(
                Manifest.Zone, _stopped ? "stopped" : _heartbeats.IsZombie ? "zombie" : _heartbeats.IsStabilized ? "stabilized" : "running", _message,
                _state.Version, pulses.Count == 0 ? null : pulses.Average(), Heartbeats.Slowest(_members)?.Name, arteries,
                _heartbeats.Count);
        }
    }

    /// <summary>Ends the zone: every artery is told so and closed.</summary>
    public void Dispose() => Stop("The zone was taken down.");

    void Stop(string why)
    {
        lock (_gate)
        {
            if (_stopped)
                return;
            (_stopped, _message) = (true, why);
            _timer.Dispose();
            foreach (var member in _members)
                if (member.Artery is { } artery)
                {
                    Close(member, artery, CloseCode.Stopping, why);
                    artery.Close(CloseCode.Stopping, why);
                }
            _calls.Dispose();
        }
    }

    Member AddMember(string name, ZoneService service, bool isUser = false)
    {
        var member = new Member(name, service, _time) { IsUser = isUser };
        _members.Add(member);
        _named.Add(name, member);
        _gaps.Add(member);
        _fanOut.Forget();
        return member;
    }

    /// <summary>Makes room for a user, where one has left.</summary>
    bool ForgetUser()
    {
        if (_members.Find(member => member is { IsUser: true, Artery: null }) is not { } gone)
            return false;
        _members.Remove(gone);
        _named.Remove(gone.Name);
        _gaps.Forget(gone);
        _state.Forget(gone.Name);
        _fanOut.Forget();
        return true;
    }

    void Forward(Member from, IArtery artery, in Intent intent, IIntentTap? tap)
    {
        CheckSequence(intent.Sequence);
        from.Sent++;
        // Whatever the batch says, the origin is who proved to be at the other end
        var mine = new Intent(intent.Name, from.Run!.Origin, intent.Sequence, intent.Time, intent.Data);
        if (!from.Run.See(intent.Sequence))
            return;
        if (IntentName.IsReserved(intent.Name) || !from.Emit.Has(intent.Name))
            from.Message = $"It said {intent.Name}, which it may not emit; the intent was not forwarded.";
        else
            Spread(from, mine, tap);
        if (intent.Ack is { } ack)
            artery.Acknowledge(ack);
    }

    void Spread(Member? from, in Intent intent, IIntentTap? tap)
    {
        tap?.See(intent);
        foreach (var receiver in _fanOut.Of(intent.Name))
        {
            if (receiver == from)
                continue;
            if (!receiver.Accounts.TryGetValue(intent.Origin, out var account))
                continue; // a service of the same name as the origin is the origin
            receiver.Meant++;
            account.Mean(intent.Sequence);
            if (receiver.Artery is { } artery)
                Say(receiver, artery, intent, account);
            else if (receiver.Manifest.Backlog)
                Hold(receiver, intent);
            else
                Drop(receiver, account, intent.Sequence);
        }
    }

    static void Say(Member receiver, IArtery artery, in Intent intent, Account account)
    {
        if (!artery.TrySay(intent))
            Drop(receiver, account, intent.Sequence);
    }

    void Hold(Member receiver, in Intent intent)
    {
        if (receiver.Held.Add(intent, _heartbeats.Count) is { } dropped && receiver.Accounts.TryGetValue(dropped.Origin, out var account))
            Drop(receiver, account, dropped.Sequence);
    }

    static void Drop(Member receiver, Account account, long sequence)
    {
        account.Pass(sequence, dropped: true);
        receiver.Miss();
    }

    static void CheckSequence(long sequence)
    {
        if (sequence > ArteryLimits.Sequence)
            throw new ArteryException(CloseCode.Malformed, $"An intent's number is {sequence}; they end at {ArteryLimits.Sequence}.");
    }

    /// <param name="cost">Of what is asked beyond a frame's, in intents; never so much that one alone is a flood.</param>
    static void TakeFromFlood(Member member, long cost = 0)
    {
        if (!member.Flood.Take(1 + (int)Math.Min(cost, member.Manifest.Rate / 10)))
            throw new ArteryException(
                CloseCode.Flood,
                $"{member.Name} says more than the {member.Manifest.Rate} intents and frames a second that the zone takes from it (o3.rate).");
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

    ArteryStatus StatusOf(Member member)
    {
        var waiting = member.Waiting;
        return new ArteryStatus(
            member.Name, member.Connection, member.Pulse.Mean, member.Sent, Math.Max(0, member.Meant - member.Missed - waiting), member.Missed,
            waiting, member.Message, member.Answered, member.Unanswered, member.Manifest.Satellite,
            _state.TextOf(member.Name, ArteryStatus.HealthKey, HealthBytes));
    }
}
