namespace Allotrope.Bench;

/// <summary>The benchmark cannot be run here; the message says why and what to do.</summary>
sealed class BenchException(string message) : Exception(message);
