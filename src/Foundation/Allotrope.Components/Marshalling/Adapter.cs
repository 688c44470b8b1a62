namespace Allotrope.Components;

/// <summary>How a component's function is called by another component.</summary>
/// <param name="Signature">Its types on the way.</param>
/// <param name="Code">The callee's half.</param>
sealed record Adapter(Signature Signature, ExportCode Code);
