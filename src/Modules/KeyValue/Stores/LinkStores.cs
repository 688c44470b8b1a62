using System.Collections.Frozen;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>The store of each link to one provider.</summary>
sealed class LinkStores
{
    readonly FrozenDictionary<(string Origin, string Link), Store> _stores;

    LinkStores(Dictionary<(string, string), Store> stores) => _stores = stores.ToFrozenDictionary();

    /// <summary>Opens the buckets of all links of <paramref name="provider"/>, which reads what was kept in them.</summary>
    public static async Task<LinkStores> OpenAsync(ILattice lattice, Assignment provider, CancellationToken cancellation)
    {
        Dictionary<(string, string), Store> stores = [];
        // Interfaces of one package may come over several links of a name: those are one store.
        foreach (var links in provider.LinkedFrom.Where(link => !Watched.Is(link)).GroupBy(link => (link.Workload, link.Name)))
        {
            string[] buckets = [.. links.Select(link => BucketOf(provider.Workload, link)).Distinct()];
            if (buckets.Length > 1 || links.Count(link => link.Interfaces.Count == 0) > 1)
                throw new FaultException(new Fault.Invalid(links.Key.Name,
                    $"{links.Key.Workload} is linked to {provider.Workload} twice under the name {links.Key.Name}: give each link a name of its own."));
            var bucket = await lattice.OpenBucketAsync(new BucketOptions(buckets[0], Durable: true), cancellation);
            stores.Add(links.Key, new Store(new GuestBucket(bucket)));
        }
        return new LinkStores(stores);
    }

    public int Count => _stores.Count;

    public Store? Find(string origin, string link) => _stores.GetValueOrDefault((origin, link));

    static string BucketOf(string provider, IncomingLink link)
    {
        if (!link.Values.TryGetValue(KeyValueContract.BucketValue, out var shared))
            return BucketName.Of(provider, link.Workload, link.Name);
        BucketName.Check(shared, $"The link of {link.Workload} to {provider}", link.Name);
        return BucketName.Of(provider, shared);
    }
}
