namespace Allotrope.Wasm;

/// <summary>An instance holds something that cannot be captured, or a snapshot does not fit the module, imports or limits it is restored with.</summary>
public sealed class SnapshotException(string message) : Exception(message);
