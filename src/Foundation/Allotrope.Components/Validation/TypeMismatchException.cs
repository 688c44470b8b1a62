namespace Allotrope.Components;

/// <summary>One type cannot stand where another is wanted; the reader adds where that is.</summary>
sealed class TypeMismatchException(string message) : Exception(message);
