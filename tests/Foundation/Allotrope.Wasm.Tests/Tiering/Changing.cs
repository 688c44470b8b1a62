namespace Allotrope.Wasm.Tests.Tiering;

/// <summary>Options for tests of functions that change over from the interpreter to compiled code.</summary>
static class Changing
{
    /// <summary>As a node has it, but soon.</summary>
    public static CompileOptions Soon { get; } = new() { Tier = Tier.Tiered, Warming = new(Threshold: 50) };

    /// <summary>Each function after its first call, and where it first loops, on the caller's thread.</summary>
    public static CompileOptions AtOnce { get; } = new() { Tier = Tier.Tiered, Warming = new(Threshold: 0, IsAtOnce: true) };

    /// <summary>Each function somewhere else, but always there.</summary>
    public static CompileOptions Anywhere(uint seed) => new() { Tier = Tier.Tiered, Warming = new(Threshold: 6, IsAtOnce: true, seed) };
}
