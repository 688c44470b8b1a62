namespace Allotrope.Wasm;

/// <summary>What the name section calls the module and its functions.</summary>
sealed record Names(string? Module, IReadOnlyDictionary<int, string> Functions)
{
    internal static Names None { get; } = new(null, new Dictionary<int, string>());
}
