using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Sockets;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// Finds out of what a component's instances are made: those that it is linked to are instantiated with it when they are assigned to this node too, else they
/// are called over the bus.
/// </summary>
sealed class PartFinder(CompiledComponents compiled, ComponentHost host)
{
    /// <summary>Components in one: each takes a store, and its own limit of memory, for every call.</summary>
    const int MostParts = 32;

    /// <exception cref="FaultException">One is assigned to no node, cannot be loaded or does not fit; the sentence says which and why.</exception>
    public async Task<LinkedParts> FindAsync(Assignment wanted, CancellationToken cancellation)
    {
        var found = await AssignedAsync(wanted, cancellation);
        var parts = new OrderedDictionary<string, ComponentPart>();
        foreach (var (workload, assignment) in found.Here)
            parts.Add(workload, await LoadAsync(assignment, found, cancellation));
        var composition = new Composition<ComponentState>(parts[wanted.Workload].Linker);
        foreach (var (workload, part) in parts)
            composition.Add(workload, part.Code.Component, part.Linker);
        foreach (var (workload, part) in parts)
            Choose(composition, part, found);
        try
        {
            composition.Check();
        }
        catch (LinkException error)
        {
            throw new FaultException(new Fault.Refused($"Component {wanted.Workload} cannot start: {error.Message}"), error);
        }
        return new(parts, composition, found.Elsewhere.Keys.ToHashSet());
    }

    /// <summary>Whether <see cref="FindAsync"/> would find the same again.</summary>
    public async Task<bool> AreSameAsync(LinkedParts parts, Assignment wanted, CancellationToken cancellation)
    {
        if (!HasLinked(wanted))
            return true;
        var found = await AssignedAsync(wanted, cancellation);
        return found.Elsewhere.Keys.ToHashSet().SetEquals(parts.Elsewhere) && found.Here.Count == parts.Parts.Count
            && found.Here.All(pair => parts.Parts.TryGetValue(pair.Key, out var part) && part.Assignment.IsSameAs(pair.Value));
    }

    /// <summary>Whether it is linked to other components.</summary>
    public static bool HasLinked(Assignment assignment) => LinksOf(assignment).Any();

    static IEnumerable<BoundLink> LinksOf(Assignment assignment) =>
        assignment.Kind == ComponentKind.Component ? assignment.Links.Where(link => link is { Kind: ComponentKind.Component, Interfaces.Count: > 0 }) : [];

    async Task<Found> AssignedAsync(Assignment wanted, CancellationToken cancellation)
    {
        var found = new Found([], []);
        found.Here.Add(wanted.Workload, wanted);
        if (!HasLinked(wanted))
            return found;
        var assignments = await host.Lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments), cancellation);
        for (var next = 0; next < found.Here.Count; next++)
            foreach (var link in LinksOf(found.Here.GetAt(next).Value))
            {
                if (found.Here.ContainsKey(link.Workload) || found.Elsewhere.ContainsKey(link.Workload))
                    continue;
                if (await ReadAsync(assignments, $"{wanted.Node}.{link.Workload}", cancellation) is { } here)
                    found.Here.Add(link.Workload, here);
                else
                    found.Elsewhere.Add(link.Workload, await ElsewhereAsync(assignments, link.Workload, found.Here.GetAt(next).Key, cancellation));
                if (found.Here.Count > MostParts)
                    throw new FaultException(new Fault.Exhausted(
                        $"Component {wanted.Workload} is linked to more than {MostParts - 1} components, directly or by way of others; take some out."));
            }
        return found;
    }

    static async Task<Assignment> ElsewhereAsync(IBucket assignments, string workload, string caller, CancellationToken cancellation)
    {
        await foreach (var key in assignments.KeysAsync($"*.{workload}", cancellation))
            if (await ReadAsync(assignments, key, cancellation) is { } elsewhere)
                return elsewhere;
        throw new FaultException(new Fault.Unreachable(
            $"Component {caller} is linked to {workload}, which no node is assigned; it starts when one is. `allot status` shows why."));
    }

    static async Task<Assignment?> ReadAsync(IBucket assignments, string key, CancellationToken cancellation) =>
        await assignments.GetAsync(key, cancellation) is { } entry && Payload.Of(entry.Value).As(ContractsJson.Default.Assignment) is { Kind: ComponentKind.Component } assignment
            ? assignment
            : null;

    async Task<ComponentPart> LoadAsync(Assignment assignment, Found found, CancellationToken cancellation)
    {
        var code = await CompileAsync(assignment, cancellation);
        var remote = LinksOf(assignment).Where(link => found.Elsewhere.ContainsKey(link.Workload)).ToList();
        if (remote.Count == 0)
            return Part(assignment, code, ComponentGrants.For(assignment));
        var linker = ComponentGrants.ForOne(assignment); // it gets more than others of the same grants
        foreach (var link in remote)
        {
            var imports = ImportsOver(link, code).ToList();
            foreach (var import in imports)
                new RemoteInterface(host.Lattice, assignment.Workload, link.Workload, import).AddTo(linker, code.Component);
            await CompareAsync(assignment, code, found.Elsewhere[link.Workload], imports, cancellation);
        }
        return Part(assignment, code, linker);
    }

    ComponentPart Part(Assignment assignment, CompiledComponent code, ComponentLinker<ComponentState> linker) =>
        new(
        assignment, code, linker, new HttpConnections(HttpHosts.Of(assignment.Hosts), host.Time), host.Folders.Open(assignment), NetworkRules.Of(assignment.Peers), host.Logs);

    /// <summary>Compares with a component on another node, if its code is here; if not, its node compares with each call.</summary>
    async Task CompareAsync(Assignment assignment, CompiledComponent code, Assignment elsewhere, List<string> imports, CancellationToken cancellation)
    {
        CompiledComponent other;
        try
        {
            other = await CompileAsync(elsewhere, cancellation);
        }
        catch (FaultException error) when (error.Fault is Fault.NotFound)
        {
            return;
        }
        KeyValuePair<string, Components.Component>[] both = [new(assignment.Workload, code.Component), new(elsewhere.Workload, other.Component)];
        if (LinkedComponents.Check(both, imports.ToDictionary(import => (assignment.Workload, import), _ => elsewhere.Workload)) is { } misfit)
            throw new FaultException(new Fault.Refused($"Component {assignment.Workload} cannot start: {misfit.Sentence}"));
    }

    async Task<CompiledComponent> CompileAsync(Assignment assignment, CancellationToken cancellation) =>
        await compiled.GetAsync(assignment.Workload, assignment.RequireDigest(), cancellation);

    /// <summary>Of all that a component imports, says what another's export is. What it exports itself is nobody's because nobody said so.</summary>
    static void Choose(Composition<ComponentState> composition, ComponentPart part, Found found)
    {
        var chosen = new HashSet<string>();
        foreach (var link in LinksOf(part.Assignment).Where(link => found.Here.ContainsKey(link.Workload)))
            foreach (var import in ImportsOver(link, part.Code))
                if (chosen.Add(import))
                    composition.Choose(part.Assignment.Workload, import, link.Workload);
        foreach (var import in part.Code.Component.Type.Imports.Keys.Where(import => !chosen.Contains(import)))
            composition.Choose(part.Assignment.Workload, import, null);
    }

    static IEnumerable<string> ImportsOver(BoundLink link, CompiledComponent code) =>
        link.QualifiedInterfaces.SelectMany(path => LinkedComponents.ImportsOf(code.Component, path));

    sealed record Found(OrderedDictionary<string, Assignment> Here, Dictionary<string, Assignment> Elsewhere);
}
