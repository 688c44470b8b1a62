using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Whether a core definition may be imported where another type is declared, by the rules that linking follows.</summary>
static class CoreMatching
{
    internal static bool Satisfies(ExternType found, ExternType wanted) => (found, wanted) switch
    {
        (ExternType.Func one, ExternType.Func other) => one.Type.IsSubtypeOf(other.Type),
        (ExternType.Memory one, ExternType.Memory other) => one.Limits.Satisfies(other.Limits, one.Limits.Minimum),
        (ExternType.Table one, ExternType.Table other) => one.Element == other.Element && one.Limits.Satisfies(other.Limits, one.Limits.Minimum),
        (ExternType.Global one, ExternType.Global other) => one.Mutable == other.Mutable
            && (one.Mutable ? one.Type == other.Type : one.Type.Matches(other.Type)),
        (ExternType.Tag one, ExternType.Tag other) => one.Type == other.Type,
        _ => false,
    };
}
