using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <content>What is said: from the artery it arrives on to those who listen.</content>
sealed partial class ZoneCore
{
    /// <summary>Intents of one batch that are forwarded before others have their turn.</summary>
    const int IntentsAtOnce = 512;

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
}
