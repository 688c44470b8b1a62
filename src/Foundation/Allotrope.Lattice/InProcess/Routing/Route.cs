namespace Allotrope.Lattice;

/// <summary>Everybody who receives messages on one subject: all of <paramref name="plain"/>, and one member of each group.</summary>
sealed class Route(Receiver[] plain, QueueGroup[] groups)
{
    public static readonly Route Nobody = new([], []);

    public bool IsEmpty => plain is [] && groups is [];

    /// <summary>The one who will answer a request, when there is no other receiver; <see langword="null"/> when the request must be spread.</summary>
    public Responder? NextResponder => (plain, groups) switch
    {
        ([Responder only], []) => only,
        ([], [var group]) => group.Next() as Responder,
        _ => null,
    };

    public static Route Of(List<Receiver> receivers) => receivers is []
        ? Nobody
        : new Route(
            [.. receivers.Where(one => one.QueueGroup is null)],
            [.. receivers.Where(one => one.QueueGroup is not null).GroupBy(one => one.QueueGroup, (_, members) => new QueueGroup([.. members]))]);

    /// <summary>False when nobody took the message, because all of them are closing.</summary>
    public bool Deliver(in Message message)
    {
        var taken = false;
        foreach (var receiver in plain)
            taken |= receiver.Deliver(message);
        foreach (var group in groups)
            taken |= group.Deliver(message);
        return taken;
    }
}

/// <summary>The members of a queue group on one subject, who take turns.</summary>
sealed class QueueGroup(Receiver[] members)
{
    uint _turn;

    public Receiver Next() => members.Length == 1 ? members[0] : members[Turn() % (uint)members.Length];

    /// <summary>Tries every member, from the one whose turn it is, because that one may be closing.</summary>
    public bool Deliver(in Message message)
    {
        var turn = Turn();
        for (var i = 0u; i < members.Length; i++)
            if (members[(turn + i) % (uint)members.Length].Deliver(message))
                return true;
        return false;
    }

    uint Turn() => Interlocked.Increment(ref _turn);
}
