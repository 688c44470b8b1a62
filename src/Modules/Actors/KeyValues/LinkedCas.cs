using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Wasi.Keyvalue;

namespace Allotrope.Actors;

/// <summary>A swap that is about to be made of the value last seen. The host holds which one that was, not the value.</summary>
sealed class LinkedCas(LinkedBucket bucket, string key) : ICas
{
    public LinkedBucket Bucket => bucket;

    public string Key => key;

    /// <summary>Of the value last seen; 0 when there was none.</summary>
    public long Revision { get; private set; }

    public async ValueTask<Result<ReadOnlyMemory<byte>?, Error>> Current() =>
        (await bucket.AskAsync("wasi:keyvalue/atomics", new KeyValueOperation.Get([key]))).Select(reply =>
        {
            Revision = reply.Entries[0]?.Revision ?? 0;
            return reply.Entries[0]?.Value;
        });

    public void Dispose()
    {
    }
}
