using System.Collections.Concurrent;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Messaging;

/// <summary>
/// The module that carries messages between components: each provider is a space of subjects of its own on the bus. Components linked to it publish there; those
/// that it links to get the messages of the subjects which the link says.
/// </summary>
public sealed class MessagingModule : IAsyncDisposable
{
    readonly ILattice _lattice;
    readonly TimeProvider _time;
    readonly ConcurrentDictionary<string, List<Delivery>> _providers = new();
    AssignmentWatch? _assignments;

    MessagingModule(ILattice lattice, TimeProvider time) => (_lattice, _time) = (lattice, time);

    /// <summary>Begins to follow the assignments of <paramref name="node"/>.</summary>
    /// <param name="lattice">Not owned.</param>
    /// <param name="node">Its name.</param>
    /// <param name="time">By which messages that are being handled end.</param>
    /// <param name="cancellation">Calls off the start.</param>
    public static async Task<MessagingModule> StartAsync(ILattice lattice, string node, TimeProvider time, CancellationToken cancellation = default)
    {
        var module = new MessagingModule(lattice, time);
        var handlers = new WorkloadHandlers(IsMessaging, module.ConvergeAsync, module.StopAsync);
        module._assignments = await AssignmentWatch.StartAsync(lattice, node, handlers, cancellation);
        return module;
    }

    /// <summary>Takes no more messages and awaits those that are being handled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_assignments is not null)
            await _assignments.DisposeAsync();
    }

    static bool IsMessaging(Assignment assignment) => assignment is { Kind: ComponentKind.Capability, Contract: MessagingContract.Id };

    async Task<WorkloadStatus> ConvergeAsync(Assignment assignment, CancellationToken cancellation)
    {
        if (assignment.Image != MessagingContract.Image)
            throw new FaultException(new Fault.Invalid(assignment.Component,
                $"The image {assignment.Image} of {assignment.Component} cannot provide {MessagingContract.Id}: this node has {MessagingContract.Image} for it."));
        var wanted = (
            from link in assignment.LinkedFrom
            from handler in link.Interfaces.Intersect(MessagingContract.Handlers)
            from pattern in PatternsOf(assignment, link)
            select new Receiver(link.Workload, handler, pattern)).Distinct().ToList();
        List<Delivery> next = [];
        try
        {
            foreach (var receiver in wanted)
                next.Add(await Delivery.StartAsync(_lattice, _time, assignment.Workload, receiver, cancellation));
        }
        catch
        {
            await EndAsync(next);
            throw;
        }
        // The new ones first: for a moment both are there, and as members of one group they share the messages.
        var before = _providers.GetValueOrDefault(assignment.Workload);
        _providers[assignment.Workload] = next;
        await EndAsync(before ?? []);
        return new WorkloadStatus(
            assignment.Node, assignment.Workload, assignment.Component, assignment.Revision, WorkloadState.Running, Instances: 1,
            $"Delivers {wanted.Count} {(wanted.Count == 1 ? "subscription" : "subscriptions")}.", Urls: []);
    }

    async Task StopAsync(string workload)
    {
        if (_providers.TryRemove(workload, out var deliveries))
            await EndAsync(deliveries);
    }

    static async Task EndAsync(List<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
            await delivery.DisposeAsync();
    }

    static string[] PatternsOf(Assignment provider, IncomingLink link)
    {
        var patterns = (link.Values.GetValueOrDefault(MessagingContract.Subscriptions) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (patterns.Length is 0 or > MessagingContract.MostSubscriptions)
            throw new FaultException(new Fault.Invalid(link.Name,
                $"The link of {provider.Workload} to {link.Workload} has {patterns.Length} subscriptions: name 1 to {MessagingContract.MostSubscriptions} subjects in its setting " +
                $"'{MessagingContract.Subscriptions}', separated by commas, such as source: {{config: {{subscriptions: orders.*}}}}."));
        foreach (var pattern in patterns)
            Subject.CheckPattern(Subjects.Topic(provider.Workload, pattern));
        return patterns;
    }
}
