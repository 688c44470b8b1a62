using System.Collections.Frozen;

namespace Allotrope.Contracts;

/// <summary>The providers that are part of every node.</summary>
public static class Builtins
{
    /// <summary>Name after <c>builtin:</c> → the contract it implements unless the blueprint says another.</summary>
    public static readonly FrozenDictionary<string, string> Contracts = new Dictionary<string, string>
    {
        ["httpserver"] = "wasmcloud:httpserver",
        ["keyvalue"] = "wasmcloud:keyvalue",
    }.ToFrozenDictionary();
}
