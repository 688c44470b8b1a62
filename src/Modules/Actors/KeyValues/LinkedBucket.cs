using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasi.Keyvalue;

namespace Allotrope.Actors;

/// <summary>A guest's handle of the store behind one link.</summary>
/// <param name="interfaces">What the link was made for: what another link granted cannot be done here.</param>
sealed class LinkedBucket(LinkedStores stores, BoundLink link, IReadOnlyList<string> interfaces) : IBucket
{
    const string Store = "wasi:keyvalue/store";

    public async ValueTask<Result<ReadOnlyMemory<byte>?, Error>> Get(string key) =>
        (await AskAsync(Store, new KeyValueOperation.Get([key]))).Select(reply => reply.Entries[0]?.Value);

    public async ValueTask<Result<Unit, Error>> Set(string key, ReadOnlyMemory<byte> value) =>
        (await AskAsync(Store, new KeyValueOperation.Set([KeyValuePair.Create(key, value)]))).Select(_ => default(Unit));

    public async ValueTask<Result<Unit, Error>> Delete(string key) =>
        (await AskAsync(Store, new KeyValueOperation.Delete([key]))).Select(_ => default(Unit));

    public async ValueTask<Result<bool, Error>> Exists(string key) =>
        (await AskAsync(Store, new KeyValueOperation.Exists(key))).Select(reply => reply.Found);

    public async ValueTask<Result<KeyResponse, Error>> ListKeys(string? cursor) =>
        (await AskAsync(Store, new KeyValueOperation.List(cursor))).Select(reply => new KeyResponse([.. reply.Keys], reply.Next));

    /// <summary>Asks the provider, unless the link is not for <paramref name="interface"/>. What it refuses is an error for the guest.</summary>
    public async ValueTask<Result<KeyValueReply, Error>> AskAsync(string @interface, KeyValueOperation operation)
    {
        if (!interfaces.Contains(@interface))
            return new Error.AccessDenied();
        try
        {
            return await stores.AskAsync(link, operation);
        }
        catch (FaultException error)
        {
            return error.Fault is Fault.Refused ? new Error.AccessDenied() : new Error.Other(error.Fault.Message);
        }
    }

    public void Dispose()
    {
    }
}
