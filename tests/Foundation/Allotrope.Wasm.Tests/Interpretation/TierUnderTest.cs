using Allotrope.Wasm.Tests.Tiering;

namespace Allotrope.Wasm.Tests.Interpretation;

/// <summary>The tier that small test modules run in, another one when this program is run again with the variable set.</summary>
static class TierUnderTest
{
    public const string Variable = "ALLOTROPE_WASM_TESTS_TIER";

    /// <summary>Beside the tiers' names: functions change over as soon as they can.</summary>
    public const string ChangingOver = "ChangingOver";

    public static bool IsAnother => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>Options that name no tier get this one.</summary>
    public static CompileOptions Apply(CompileOptions options) => options.Tier != Tier.Automatic ? options
        : Environment.GetEnvironmentVariable(Variable) == ChangingOver ? options with { Tier = Tier.Tiered, Warming = Changing.AtOnce.Warming }
        : options with { Tier = Value };

    static Tier Value { get; } = Enum.TryParse<Tier>(Environment.GetEnvironmentVariable(Variable), out var tier) ? tier : Tier.Automatic;
}
