namespace Allotrope.Wasm.Tests.Interpretation;

/// <summary>The tier that small test modules run in, another one when this program is run again with the variable set.</summary>
static class TierUnderTest
{
    public const string Variable = "ALLOTROPE_WASM_TESTS_TIER";

    public static Tier Value { get; } = Enum.TryParse<Tier>(Environment.GetEnvironmentVariable(Variable), out var tier) ? tier : Tier.Automatic;
}
