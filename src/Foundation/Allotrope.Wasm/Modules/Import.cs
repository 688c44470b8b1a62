namespace Allotrope.Wasm;

/// <summary>Something a module needs from outside: two names and a type.</summary>
/// <param name="Module">The first name, such as <c>env</c>.</param>
/// <param name="Name">The second name.</param>
/// <param name="Type">What must be supplied.</param>
public sealed record Import(string Module, string Name, ExternType Type);
