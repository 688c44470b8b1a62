using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Planner;

/// <summary>Keeps bucket <see cref="Buckets.Assignments"/> equal to a plan, writing only what differs.</summary>
sealed class AssignmentBucket(IBucket bucket)
{
    readonly Dictionary<string, string> _refused = [];

    /// <summary>Returns why some assignments could not be written, by key.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ConvergeAsync(Plan plan, CancellationToken cancellation)
    {
        // Providers before the actors that call them; what goes away last, so that nothing is without its successor.
        foreach (var kind in (ComponentKind[])[ComponentKind.Capability, ComponentKind.Zone, ComponentKind.Actor, ComponentKind.Component])
            foreach (var (key, assignment) in LinkedFirst(plan.Assignments.Where(pair => pair.Value.Kind == kind)))
                await WriteAsync(key, assignment, cancellation);
        var present = new List<string>();
        await foreach (var key in bucket.KeysAsync(cancellation: cancellation))
            present.Add(key);
        foreach (var key in present.Where(key => !plan.Assignments.ContainsKey(key)))
            await bucket.DeleteAsync(key, cancellation: cancellation);
        foreach (var key in _refused.Keys.Where(key => !plan.Assignments.ContainsKey(key)).ToList())
            _refused.Remove(key);
        return _refused;
    }

    /// <summary>Workloads behind those that they are linked to: whoever starts one finds the others assigned. A circle is in any order.</summary>
    static IEnumerable<KeyValuePair<string, Assignment>> LinkedFirst(IEnumerable<KeyValuePair<string, Assignment>> assignments)
    {
        List<KeyValuePair<string, Assignment>> left = [.. assignments], later = [];
        while (left.Count > 0)
        {
            var open = left.Select(pair => pair.Value.Workload).ToHashSet();
            foreach (var pair in left)
            {
                if (pair.Value.Links.Any(link => open.Contains(link.Workload)))
                    later.Add(pair);
                else
                    yield return pair;
            }
            if (later.Count == left.Count)
            {
                foreach (var pair in later)
                    yield return pair;
                yield break;
            }
            (left, later) = (later, []);
        }
    }

    async Task WriteAsync(string key, Assignment assignment, CancellationToken cancellation)
    {
        var wanted = Payload.Of(assignment, ContractsJson.Default.Assignment).ToBytes();
        try
        {
            await bucket.ChangeAsync(key, present => Same(present, wanted) ? BucketEdit.Keep : BucketEdit.Put(wanted), cancellation);
            _refused.Remove(key);
        }
        catch (FaultException error) when (error.Fault is Fault.Invalid or Fault.Exhausted)
        {
            // One blueprint whose settings are too large for the bus must not keep the others from running.
            _refused[key] = $"cannot be assigned: {error.Fault.Message}";
        }
    }

    static bool Same(BucketEntry? present, ReadOnlyMemory<byte> wanted) => present is not null && present.Value.Span.SequenceEqual(wanted.Span);
}
