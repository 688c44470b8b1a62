using System.Collections.Concurrent;
using Allotrope.Artery;
using Allotrope.Contracts;

namespace Allotrope.Arteries;

/// <summary>One service of a zone as its core knows it, whether it is there or not. Guarded by the core's lock except where said.</summary>
sealed class Member(string name, ZoneService manifest, TimeProvider time)
{
    long _missed;

    public string Name => name;

    public ZoneService Manifest => manifest;

    public IntentList Receive { get; } = new(manifest.Receive);

    public IntentList Emit { get; } = new(manifest.Emit);

    /// <summary>A user of a service, who makes room for another after leaving.</summary>
    public bool IsUser { get; init; }

    public FloodGate Flood { get; } = new(manifest.Rate, time);

    /// <summary>Lines of the log about its faults, and about its arteries.</summary>
    public LinePace FaultLines { get; } = new(time);

    public LinePace CloseLines { get; } = new(time);

    public HeldIntents Held { get; } = new(manifest.Queue);

    public Pulse Pulse { get; } = new();

    /// <summary>The artery in use, if any. An artery that is not this one any more says nothing here.</summary>
    public IArtery? Artery { get; set; }

    /// <summary>Of its process, from its last handshake; 0 before the first.</summary>
    public long Epoch { get; set; }

    /// <summary>Itself as origin of intents, in its present life.</summary>
    public OriginRun? Run { get; set; }

    /// <summary>What it is told of the others, in its present life. Arteries read it without the lock.</summary>
    public ConcurrentDictionary<Origin, Account> Accounts { get; set; } = [];

    /// <summary>What it knew, in its present life, of origins that have not come back to this core yet.</summary>
    public List<KnownOrigin> Remembered { get; set; } = [];

    /// <summary>It has not yet said what it knew before this core; until then it is told of no gaps.</summary>
    public bool AwaitsKnown { get; set; }

    /// <summary>The beat sent last on the present artery, and when, by the clock's timestamp.</summary>
    public long Beat { get; set; }

    public long BeatSent { get; set; }

    public bool AwaitsReply { get; set; }

    public bool RequestState { get; set; }

    /// <summary>Version of the zone's state it has confirmed on the present artery.</summary>
    public long Confirmed { get; set; }

    /// <summary>It has answered a beat since the core began.</summary>
    public bool HasAnswered { get; set; }

    /// <summary>Beats answered since the core began.</summary>
    public long Answered { get; set; }

    /// <summary>Beats in a row without an answer.</summary>
    public int Unanswered { get; set; }

    public bool IsFlat { get; set; }

    public bool WasSevered { get; set; }

    public bool IsDialling { get; set; }

    /// <summary>Opens a new artery within the process, for an actor; <see langword="null"/> for who is dialled or dials.</summary>
    public Func<Task>? Reopen { get; set; }

    /// <summary>Intents it has said.</summary>
    public long Sent { get; set; }

    /// <summary>Intents meant for it.</summary>
    public long Meant { get; set; }

    /// <summary>Of those, how many were dropped.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>What <see cref="Missed"/> was two beats ago and one: it lags when that has grown while it was connected.</summary>
    public (long Earlier, long Last) MissedAtBeats { get; set; }

    public long Faults { get; set; }

    /// <summary>Why it is not as it should be, for people; empty when all is well.</summary>
    public string Message { get; set; } = "";

    public string Connection => (Artery, IsFlat, WasSevered, IsDialling || manifest.Host is not null) switch
    {
        (_, true, _, _) => "flat",
        ({ }, _, _, _) => "open",
        (_, _, true, _) => "severed",
        (_, _, _, true) => "dialling",
        _ => "awaited",
    };

    public int Waiting => (Artery?.Waiting ?? 0) + Held.Count;

    /// <summary>Counts an intent that an artery with these accounts has written or dropped. Any thread.</summary>
    public void Pass(ConcurrentDictionary<Origin, Account> accounts, Origin origin, long sequence, bool dropped)
    {
        if (accounts.TryGetValue(origin, out var account))
            account.Pass(sequence, dropped);
        if (dropped)
            Miss();
    }

    /// <summary>Counts an intent that will not arrive. Any thread.</summary>
    public void Miss() => Interlocked.Increment(ref _missed);
}
