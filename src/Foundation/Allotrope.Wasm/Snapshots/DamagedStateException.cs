namespace Allotrope.Wasm;

/// <summary>Bytes are no snapshot or record: cut short, changed, of another version, or never one.</summary>
public sealed class DamagedStateException(string message) : Exception(message);
