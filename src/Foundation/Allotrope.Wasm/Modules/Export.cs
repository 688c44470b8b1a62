namespace Allotrope.Wasm;

/// <summary>Something a module offers under a name.</summary>
public sealed record Export(string Name, ExternType Type)
{
    /// <summary>Position in the module's index space of its sort.</summary>
    internal int Index { get; init; }
}
