namespace Allotrope.Wasm;

/// <summary>What a <c>try_table</c> catches and where that goes.</summary>
/// <param name="Tag">Index of the tag; null for every exception.</param>
/// <param name="TakesReference">Whether the label gets the exception too, after what it carries.</param>
/// <param name="Label">Counted from outside of the block.</param>
readonly record struct CatchClause(int? Tag, bool TakesReference, int Label);
