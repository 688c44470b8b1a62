namespace Allotrope.Wasm;

/// <summary>A call cannot be recorded: its host did something that a record does not hold. The call itself was not disturbed.</summary>
public sealed class RecordException(string message) : Exception(message);
