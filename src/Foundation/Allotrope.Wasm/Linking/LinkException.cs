namespace Allotrope.Wasm;

/// <summary>
/// A module cannot be instantiated: an import is missing or of another type, or the store's limits or the system leave no room for it.
/// </summary>
public sealed class LinkException(string message) : Exception(message);
