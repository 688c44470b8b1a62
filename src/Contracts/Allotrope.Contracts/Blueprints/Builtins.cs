using System.Collections.Frozen;

namespace Allotrope.Contracts;

/// <summary>The providers that are part of every node.</summary>
public static class Builtins
{
    /// <summary>Name after <c>builtin:</c> → the contract it implements unless the blueprint says another.</summary>
    public static readonly FrozenDictionary<string, string> Contracts = new Dictionary<string, string>
    {
        ["blobstore"] = "wasmcloud:blobstore",
        ["httpserver"] = "wasmcloud:httpserver",
        ["keyvalue"] = "wasmcloud:keyvalue",
        ["messaging"] = "wasmcloud:messaging",
    }.ToFrozenDictionary();

    /// <summary>Name → the interfaces that it has for components that link to it.</summary>
    public static readonly FrozenDictionary<string, string[]> Offers = new Dictionary<string, string[]>
    {
        ["blobstore"] = ["wasi:blobstore/blobstore", "wasi:blobstore/container", "wasi:blobstore/types"],
        ["keyvalue"] = ["wasi:keyvalue/atomics", "wasi:keyvalue/batch", "wasi:keyvalue/store"],
        ["messaging"] = ["wasi:messaging/producer", "wasi:messaging/request-reply", "wasmcloud:messaging/consumer"],
    }.ToFrozenDictionary();

    /// <summary>Name → the interfaces by which it calls the components that it links to.</summary>
    public static readonly FrozenDictionary<string, string[]> Calls = new Dictionary<string, string[]>
    {
        ["httpserver"] = ["wasi:http/incoming-handler"],
        ["keyvalue"] = ["wasi:keyvalue/watcher"],
        ["messaging"] = ["wasi:messaging/incoming-handler", "wasmcloud:messaging/handler"],
    }.ToFrozenDictionary();
}
