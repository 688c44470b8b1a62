namespace Allotrope.Wasm;

/// <summary>What a piece of code may do at most, with all that it calls.</summary>
/// <param name="Steps">Instructions; bulk ones count their bytes or elements too.</param>
/// <param name="Pages">Pages by which memories grow.</param>
/// <param name="Depth">Calls within one another.</param>
/// <param name="Stack">Bytes of stack for the deepest of them.</param>
/// <param name="Kinds">What else.</param>
/// <param name="Traps">A bit for each <see cref="TrapKind"/>.</param>
/// <param name="Culprit">The first thing found for which there is no ceiling of steps.</param>
readonly record struct Effects(
    Ceiling Steps, Ceiling Pages, Ceiling Depth, Ceiling Stack, EffectKinds Kinds, uint Traps, UnboundedCode? Culprit)
{
    /// <summary>One or the other.</summary>
    internal Effects Join(in Effects other) => new(
        Ceiling.Max(Steps, other.Steps), Ceiling.Max(Pages, other.Pages), Ceiling.Max(Depth, other.Depth), Ceiling.Max(Stack, other.Stack),
        Kinds | other.Kinds, Traps | other.Traps, Culprit ?? other.Culprit);

    /// <summary>Any number of times, within itself.</summary>
    internal Effects Recursive(UnboundedCode culprit) => this with
    {
        Steps = Ceiling.None,
        Pages = Pages * Ceiling.None,
        Depth = Ceiling.None,
        Stack = Ceiling.None,
        Kinds = Kinds | EffectKinds.Recurses,
        Traps = Traps | 1u << (int)TrapKind.StackExhausted,
        Culprit = Culprit ?? culprit,
    };
}

/// <summary>What code may do that is not counted.</summary>
[Flags]
enum EffectKinds
{
    None = 0,

    /// <summary>Calls a function that is neither the module's nor known to be one of its imports.</summary>
    CallsOutside = 2,

    Recurses = 4,

    Throws = 8,

    MakesObjects = 16,
}
