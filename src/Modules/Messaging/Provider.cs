using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Messaging;

/// <summary>Gives messages to those that one provider workload links to.</summary>
sealed class Provider(ILattice lattice, TimeProvider time, string workload) : IProvider
{
    List<Delivery> _deliveries = [];

    public async Task<string> UseAsync(Assignment assignment, CancellationToken cancellation)
    {
        var wanted = (
            from link in assignment.LinkedFrom
            from handler in link.Interfaces.Intersect(MessagingContract.Handlers)
            from pattern in PatternsOf(link)
            select new Receiver(link.Workload, handler, pattern)).Distinct().ToList();
        List<Delivery> next = [];
        try
        {
            foreach (var receiver in wanted)
                next.Add(await Delivery.StartAsync(lattice, time, workload, receiver, cancellation));
        }
        catch
        {
            await EndAsync(next);
            throw;
        }
        // The new ones first: for a moment both are there, and as members of one group they share the messages.
        var before = _deliveries;
        _deliveries = next;
        await EndAsync(before);
        return $"Delivers {wanted.Count} {(wanted.Count == 1 ? "subscription" : "subscriptions")}.";
    }

    public async ValueTask DisposeAsync() => await EndAsync(_deliveries);

    static async Task EndAsync(List<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
            await delivery.DisposeAsync();
    }

    string[] PatternsOf(IncomingLink link)
    {
        var patterns = (link.Values.GetValueOrDefault(MessagingContract.Subscriptions) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (patterns.Length is 0 or > MessagingContract.MostSubscriptions)
            throw new FaultException(new Fault.Invalid(link.Name,
                $"The link of {workload} to {link.Workload} has {patterns.Length} subscriptions: name 1 to {MessagingContract.MostSubscriptions} subjects in its setting " +
                $"'{MessagingContract.Subscriptions}', separated by commas, such as source: {{config: {{subscriptions: orders.*}}}}."));
        foreach (var pattern in patterns)
            Subject.CheckPattern(Subjects.Topic(workload, pattern));
        return patterns;
    }
}
