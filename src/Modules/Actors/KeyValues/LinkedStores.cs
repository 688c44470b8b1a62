using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Lattice;
using Allotrope.Wasi.Keyvalue;
using IBucket = Allotrope.Wasi.Keyvalue.IBucket;

namespace Allotrope.Actors;

/// <summary><c>wasi:keyvalue</c> of one instance: what its links to providers lead to, asked over the bus.</summary>
/// <param name="stop">Ends what the guest waits for.</param>
sealed class LinkedStores(ILattice lattice, Assignment assignment, CancellationToken stop) : IStore, IAtomics, IBatch
{
    const string Package = "wasi:keyvalue";
    const string Atomics = $"{Package}/atomics", Batch = $"{Package}/batch";

    /// <summary>What the link's settings call its bucket.</summary>
    const string BucketSetting = "bucket";

    public static void AddStore(ComponentLinker<ComponentState> linker)
    {
        StoreInterface.AddTo(linker, state => state.Stores);
        DraftInterfaces.AddStore(linker, state => state.Stores);
    }

    public static void AddAtomics(ComponentLinker<ComponentState> linker)
    {
        AtomicsInterface.AddTo(linker, state => state.Stores);
        DraftInterfaces.AddAtomics(linker, IncrementUnsignedAsync);
    }

    public static void AddBatch(ComponentLinker<ComponentState> linker)
    {
        BatchInterface.AddTo(linker, state => state.Stores);
        DraftInterfaces.AddBatch(linker, state => state.Stores);
    }

    /// <summary>
    /// The store of the link of that name, or of the one whose setting <c>bucket</c> has it; no name at all is the link's that has none either. Others are
    /// no such store: which there are says the blueprint.
    /// </summary>
    public Result<IBucket, Error> Open(string identifier)
    {
        var name = identifier.Length == 0 ? Contracts.Component.DefaultLinkName : identifier;
        var links = assignment.Links.Where(link => link.Kind == ComponentKind.Capability && link.Contract == Package).ToList();
        var own = links.FindAll(link => link.Name == name);
        if (own.Count == 0 && links.Find(link => link.Values.GetValueOrDefault(BucketSetting) == identifier) is { } named)
            own = links.FindAll(link => link.Name == named.Name);
        return own.Count == 0
            ? new Error.NoSuchStore()
            : Result<IBucket, Error>.Ok(new LinkedBucket(this, own[0], [.. own.SelectMany(link => link.QualifiedInterfaces)]));
    }

    /// <summary>The bucket in which something has changed. What can be done with it says the component's own link to it, and without one nothing can.</summary>
    public IBucket Watched(string provider, string bucket)
    {
        var link = assignment.Links.FirstOrDefault(
            link => link.Workload == provider && link.Contract == Package && link.Values.GetValueOrDefault(BucketSetting) == bucket);
        return link is null
            ? new LinkedBucket(this, new BoundLink(provider, ComponentKind.Capability, Package, "", new Dictionary<string, string>()), [])
            : new LinkedBucket(this, link, [.. assignment.Links.Where(other => other.Contract == Package && other.Name == link.Name).SelectMany(other => other.QualifiedInterfaces)]);
    }

    public async ValueTask<Result<long, Error>> Increment(IBucket bucket, string key, long delta) =>
        (await AddAsync(bucket, key, delta, long.MinValue, long.MaxValue)).Select(sum => (long)sum);

    static async ValueTask<Result<ulong, Error>> IncrementUnsignedAsync(IBucket bucket, string key, ulong delta) =>
        (await AddAsync(bucket, key, delta, ulong.MinValue, ulong.MaxValue)).Select(sum => (ulong)sum);

    public async ValueTask<Result<ICas, Error>> CasNew(IBucket bucket, string key)
    {
        var cas = new LinkedCas((LinkedBucket)bucket, key);
        return (await cas.Current()).Select(_ => (ICas)cas);
    }

    public async ValueTask<Result<Unit, CasError>> Swap(ICas cas, ReadOnlyMemory<byte> value)
    {
        using var own = (LinkedCas)cas;
        var reply = await own.Bucket.AskAsync(Atomics, new KeyValueOperation.Swap(own.Key, value, own.Revision));
        if (!reply.IsOk)
            return new CasError.StoreError(reply.Error);
        if (reply.Value.Found)
            return default(Unit);
        var newest = await CasNew(own.Bucket, own.Key);
        return newest.IsOk ? new CasError.CasFailed(newest.Value) : new CasError.StoreError(newest.Error);
    }

    public async ValueTask<Result<(string, ReadOnlyMemory<byte>)?[], Error>> GetMany(IBucket bucket, string[] keys) =>
        (await ((LinkedBucket)bucket).AskAsync(Batch, new KeyValueOperation.Get(keys)))
            .Select(reply => keys.Zip(reply.Entries, (key, entry) => entry is null ? ((string, ReadOnlyMemory<byte>)?)null : (key, entry.Value)).ToArray());

    public async ValueTask<Result<Unit, Error>> SetMany(IBucket bucket, (string, ReadOnlyMemory<byte>)[] keyValues) =>
        (await ((LinkedBucket)bucket).AskAsync(Batch, new KeyValueOperation.Set([.. keyValues.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))])))
            .Select(_ => default(Unit));

    public async ValueTask<Result<Unit, Error>> DeleteMany(IBucket bucket, string[] keys) =>
        (await ((LinkedBucket)bucket).AskAsync(Batch, new KeyValueOperation.Delete(keys))).Select(_ => default(Unit));

    internal async ValueTask<KeyValueReply> AskAsync(BoundLink link, KeyValueOperation operation)
    {
        var call = new KeyValueCall(assignment.Workload, link.Name, operation);
        var reply = await lattice.RequestAsync(
            new Message(Subjects.KeyValue(link.Workload), Payload.Of(call, ContractsJson.Default.KeyValueCall)), cancellation: stop);
        return reply.Payload.As(ContractsJson.Default.KeyValueReply);
    }

    static async ValueTask<Result<Int128, Error>> AddAsync(IBucket bucket, string key, Int128 delta, Int128 least, Int128 most) =>
        (await ((LinkedBucket)bucket).AskAsync(Atomics, new KeyValueOperation.Increment(key, delta, least, most))).Select(reply => reply.Number);
}
