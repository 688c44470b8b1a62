using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Messaging;

/// <summary>Gives messages to those that one provider workload links to.</summary>
sealed class Provider(ILattice lattice, TimeProvider time, string workload) : IProvider
{
    readonly Dictionary<Receiver, Delivery> _deliveries = [];
    readonly Dictionary<string, Room> _rooms = []; // by component

    /// <summary>Begins what is new and ends what is gone; the others get their messages on, and nothing that they are at is called off.</summary>
    public async Task<string> UseAsync(Assignment assignment, CancellationToken cancellation)
    {
        var wanted = (
            from link in assignment.LinkedFrom
            from handler in link.Interfaces.Intersect(MessagingContract.Handlers)
            from pattern in PatternsOf(link)
            select new Receiver(link.Workload, handler, pattern)).ToHashSet();
        // The new ones first: for a moment both are there, and as members of one group they share the messages.
        foreach (var receiver in wanted.Except(_deliveries.Keys).ToList())
        {
            if (!_rooms.TryGetValue(receiver.Workload, out var room))
                _rooms[receiver.Workload] = room = new Room();
            _deliveries[receiver] = await Delivery.StartAsync(lattice, time, workload, receiver, room, cancellation);
        }
        await EndAsync(_deliveries.Keys.Except(wanted));
        foreach (var gone in _rooms.Keys.Except(wanted.Select(receiver => receiver.Workload)).ToList())
            _rooms.Remove(gone);
        return $"Delivers {wanted.Count} {(wanted.Count == 1 ? "subscription" : "subscriptions")}.";
    }

    public async ValueTask DisposeAsync() => await EndAsync(_deliveries.Keys);

    /// <summary>All at once: each may take a while to end.</summary>
    Task EndAsync(IEnumerable<Receiver> receivers) => Task.WhenAll(receivers.ToList().Select(async receiver =>
    {
        _deliveries.Remove(receiver, out var delivery);
        await delivery!.DisposeAsync();
    }));

    string[] PatternsOf(IncomingLink link)
    {
        var patterns = (link.Values.GetValueOrDefault(MessagingContract.Subscriptions) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (patterns.Length is 0 or > MessagingContract.MostSubscriptions)
            throw new FaultException(new Fault.Invalid(link.Name,
                $"The link of {workload} to {link.Workload} has {patterns.Length} subscriptions: name 1 to {MessagingContract.MostSubscriptions} subjects in its setting " +
                $"'{MessagingContract.Subscriptions}', separated by commas, such as source: {{config: {{subscriptions: orders.*}}}}."));
        foreach (var pattern in patterns)
            Check(link, pattern);
        return patterns;
    }

    void Check(IncomingLink link, string pattern)
    {
        try
        {
            Subject.CheckPattern(pattern);
            Subject.CheckPattern(Subjects.Topic(workload, pattern)); // which may be too long
        }
        catch (FaultException error)
        {
            throw new FaultException(new Fault.Invalid(link.Name,
                $"The setting '{MessagingContract.Subscriptions}' of the link of {workload} to {link.Workload} cannot be subscribed to: {error.Fault.Message}"), error);
        }
    }
}
