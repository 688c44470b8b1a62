using Allotrope.Artery;
using Allotrope.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Allotrope.Arteries;

/// <summary>
/// The heart of one zone: takes what arrives on arteries, forwards it, beats, and keeps the books. It has no dependency on any service and no thread:
/// one lock makes it a single writer, held for the microseconds that forwarding takes and never across a wait. Handing each batch to a loop of its
/// own instead would cost a copy and a wake-up, which is more than all the rest.
/// </summary>
sealed partial class ZoneCore : IDisposable
{
    /// <summary>Of a service's word on its health: one line of a table.</summary>
    const int HealthBytes = 200;

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

    ArteryStatus StatusOf(Member member)
    {
        var waiting = member.Waiting;
        return new ArteryStatus(
            member.Name, member.Connection, member.Pulse.Mean, member.Sent, Math.Max(0, member.Meant - member.Missed - waiting), member.Missed,
            waiting, member.Message, member.Answered, member.Unanswered, member.Manifest.Satellite,
            _state.TextOf(member.Name, ArteryStatus.HealthKey, HealthBytes));
    }
}
