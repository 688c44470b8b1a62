namespace Allotrope.Wasm;

/// <summary>A replay went another way than its record; leaves the guest, which cannot catch it.</summary>
sealed class Divergence(string message) : Exception(message);
