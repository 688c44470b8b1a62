using System.Collections.Frozen;
using Allotrope.Kernel;

namespace Allotrope.KeyValue;

/// <summary>
/// The operations of <c>wasmcloud:keyvalue</c> by name: each reads its MessagePack argument, asks the store and writes its MessagePack result.
/// Field names as in the interface's Smithy source.
/// </summary>
static class Operation
{
    delegate ValueTask<ReadOnlyMemory<byte>> Handler(Store store, ReadOnlyMemory<byte> body, CancellationToken cancellation);

    static readonly FrozenDictionary<string, Handler> Handlers = new Dictionary<string, Handler>
    {
        ["KeyValue.Increment"] = async (store, body, stop) =>
        {
            var fields = Fields.Read(body, "key", "value");
            return Reply.Of((int)await store.IncrementAsync(fields.Text("key"), fields.Integer("value"), NumberRange.Int32, stop));
        },
        ["KeyValue.Contains"] = async (store, body, stop) => Reply.Of(await store.ContainsAsync(Argument.Text(body), stop)),
        ["KeyValue.Del"] = async (store, body, stop) => Reply.Of(await store.DeleteAsync(Argument.Text(body), stop)),
        ["KeyValue.Get"] = async (store, body, stop) => Reply.OfValue(await store.GetAsync(Argument.Text(body), stop)),
        ["KeyValue.Set"] = async (store, body, stop) =>
        {
            var fields = Fields.Read(body, "key", "value", "expires");
            await store.SetAsync(fields.Text("key"), fields.Text("value"), fields.Unsigned("expires"), stop);
            return Reply.Nothing;
        },
        ["KeyValue.ListAdd"] = async (store, body, stop) =>
        {
            var fields = Fields.Read(body, "listName", "value");
            return Reply.Of(await store.ListAddAsync(fields.Text("listName"), fields.Text("value"), stop));
        },
        ["KeyValue.ListDel"] = async (store, body, stop) =>
        {
            var fields = Fields.Read(body, "listName", "value");
            return Reply.Of(await store.ListDeleteAsync(fields.Text("listName"), fields.Text("value"), stop));
        },
        ["KeyValue.ListClear"] = async (store, body, stop) => Reply.Of(await store.ListClearAsync(Argument.Text(body), stop)),
        ["KeyValue.ListRange"] = async (store, body, stop) =>
        {
            var fields = Fields.Read(body, "listName", "start", "stop");
            return Reply.Of(await store.ListRangeAsync(fields.Text("listName"), fields.Integer("start"), fields.Integer("stop"), stop));
        },
        ["KeyValue.SetAdd"] = async (store, body, stop) =>
        {
            var fields = Fields.Read(body, "setName", "value");
            return Reply.Of(await store.SetAddAsync(fields.Text("setName"), fields.Text("value"), stop));
        },
        ["KeyValue.SetDel"] = async (store, body, stop) =>
        {
            var fields = Fields.Read(body, "setName", "value");
            return Reply.Of(await store.SetDeleteAsync(fields.Text("setName"), fields.Text("value"), stop));
        },
        ["KeyValue.SetClear"] = async (store, body, stop) => Reply.Of(await store.SetClearAsync(Argument.Text(body), stop)),
        ["KeyValue.SetQuery"] = async (store, body, stop) => Reply.Of(await store.SetQueryAsync(Argument.Text(body), stop)),
        ["KeyValue.SetUnion"] = async (store, body, stop) => Reply.Of(await store.SetUnionAsync(Argument.Texts(body), stop)),
        ["KeyValue.SetIntersection"] = async (store, body, stop) => Reply.Of(await store.SetIntersectionAsync(Argument.Texts(body), stop)),
    }.ToFrozenDictionary();

    public static bool IsKnown(string name) => Handlers.ContainsKey(name);

    /// <exception cref="FaultException">
    /// <see cref="Fault.NotFound"/> for an operation the contract has not, <see cref="Fault.Invalid"/> for a malformed argument, and what the store says.
    /// </exception>
    public static ValueTask<ReadOnlyMemory<byte>> RunAsync(Store store, string name, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        Handlers.TryGetValue(name, out var handler)
            ? handler(store, body, cancellation)
            : throw new FaultException(new Fault.NotFound(
                $"The contract {KeyValueContract.Id} has no such operation: it has {string.Join(", ", Handlers.Keys.Order(StringComparer.Ordinal))}."));
}
