using System.Collections.Frozen;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>What a blueprint says of a provider.</summary>
/// <param name="Capacity">Bytes that it keeps at most.</param>
/// <param name="Links">What each link to it may do, by workload and name of the link.</param>
sealed record ProviderSettings(long Capacity, FrozenDictionary<(string Origin, string Link), LinkGrant> Links)
{
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> for a setting that means nothing.</exception>
    public static ProviderSettings Read(Assignment provider)
    {
        Dictionary<(string, string), LinkGrant> grants = [];
        // Interfaces of one package may come over several links of a name: those are one grant.
        foreach (var links in provider.LinkedFrom.GroupBy(link => (link.Workload, link.Name)))
        {
            LinkGrant[] read = [.. links.Select(link => LinkGrant.Read(provider.Workload, link)).Distinct()];
            if (read.Length > 1)
                throw new FaultException(new Fault.Invalid(links.Key.Name,
                    $"{links.Key.Workload} is linked to {provider.Workload} twice under the name {links.Key.Name}: give each link a name of its own."));
            grants.Add(links.Key, read[0]);
        }
        return new(CapacityOf(provider), grants.ToFrozenDictionary());
    }

    static long CapacityOf(Assignment provider)
    {
        if (provider.Config.Keys.FirstOrDefault(key => key != BlobstoreContract.Capacity) is { } unknown)
            throw new FaultException(new Fault.Invalid(unknown,
                $"The config of {provider.Component} has the setting \"{unknown}\", which is none: known is {BlobstoreContract.Capacity}."));
        if (!provider.Config.TryGetValue(BlobstoreContract.Capacity, out var text))
            return (long)BlobstoreLimits.CapacityMebibytes << 20;
        return Quantity.Mebibytes(text) is { } mebibytes and > 0
            ? (long)mebibytes << 20
            : throw new FaultException(new Fault.Invalid(BlobstoreContract.Capacity,
                $"The {BlobstoreContract.Capacity} \"{text}\" of {provider.Component} is no size: write a number of Mi or Gi, such as 20Gi."));
    }
}
