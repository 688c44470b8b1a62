using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.KeyValue;

/// <summary>Who is told of changes, and of which.</summary>
/// <param name="Workload">The component.</param>
/// <param name="Bucket">As its links call it.</param>
/// <param name="Keys">As <see cref="KeyFilter"/> reads them.</param>
sealed record Watched(string Workload, string Bucket, string Keys)
{
    /// <summary>What a provider's link to a component is for.</summary>
    public static bool Is(IncomingLink link) => link.Interfaces.Contains(KeyValueContract.Watcher);

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when its settings do not say what is watched.</exception>
    public static Watched Of(string provider, IncomingLink link)
    {
        if (!link.Values.TryGetValue(KeyValueContract.BucketValue, out var bucket))
            throw new FaultException(new Fault.Invalid(link.Name,
                $"The link of {provider} to {link.Workload} names no bucket to be watched: say which in its setting '{KeyValueContract.BucketValue}', " +
                "such as source: {config: {bucket: orders}}, and in the links of those who write to it."));
        BucketName.Check(bucket, $"The link of {provider} to {link.Workload}", link.Name);
        var keys = link.Values.GetValueOrDefault(KeyValueContract.KeysValue) ?? "*";
        if (KeyFilter.Split(keys).Length is 0 or > KeyValueLimits.WatchedKeys)
            throw new FaultException(new Fault.Invalid(link.Name,
                $"The link of {provider} to {link.Workload} watches no keys, or more than {KeyValueLimits.WatchedKeys}: name 1 to {KeyValueLimits.WatchedKeys} in its setting " +
                $"'{KeyValueContract.KeysValue}', separated by commas, such as total, orders/*; without it all are watched."));
        return new Watched(link.Workload, bucket, keys);
    }
}
