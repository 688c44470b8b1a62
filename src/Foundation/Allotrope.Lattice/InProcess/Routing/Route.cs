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

    public void Deliver(in Message message)
    {
        foreach (var receiver in plain)
            receiver.Deliver(message);
        foreach (var group in groups)
            group.Deliver(message);
    }
}

/// <summary>The members of a queue group on one subject, who take turns.</summary>
sealed class QueueGroup(Receiver[] members)
{
    uint _turn;

    public Receiver Next() => members.Length == 1 ? members[0] : members[Interlocked.Increment(ref _turn) % (uint)members.Length];

    /// <summary>Tries every member once, because the one whose turn it is may be closing.</summary>
    public void Deliver(in Message message)
    {
        foreach (var _ in members)
            if (Next().Deliver(message))
                return;
    }
}
