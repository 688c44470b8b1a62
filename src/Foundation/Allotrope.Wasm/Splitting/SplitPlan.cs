namespace Allotrope.Wasm;

/// <summary>
/// Decides which parts of a function that is too large for RyuJIT to optimise become methods of their own. A method's size says whether it is
/// optimised at all; a part's call costs some nanoseconds. So the largest parts go first, those in inner loops last, until what remains fits.
/// </summary>
static class SplitPlan
{
    /// <summary>Longer functions are left as they are: nobody's compiler makes them, and looking at them takes memory and time.</summary>
    const int MostBytes = 1 << 20;

    const int MostLocals = 4_096;

    const int MostOpenBlocks = 1_024;

    /// <summary>Parameters of a part: more would be more to pass than to do.</summary>
    const int MostTaken = 60;

    /// <summary>
    /// Blocks that a <c>br_table</c> in a part may leave it for. One that leaves for many is an interpreter's choice of what comes next: the last thing to
    /// be put behind a call.
    /// </summary>
    internal const int MostWays = 4;

    /// <summary>How much less a part is worth with each loop around it.</summary>
    const double LoopWeight = 8;

    /// <summary>Whether the function at a position may be too large; only then its size is looked at.</summary>
    internal static bool MayNeed(ModuleEmission module, int position)
    {
        var bytes = module.Image.Bodies[position].End - module.Image.Bodies[position].Start;
        return bytes <= MostBytes && module.Facts[position].Locals.Length <= MostLocals
            && (module.SplitsAll || bytes > module.MethodLimit.IlBytes / BytesPerByte);
    }

    /// <summary>No instruction becomes more IL than this times its own bytes but for what branches carry.</summary>
    const int BytesPerByte = 14;

    /// <returns>The parts by where they begin.</returns>
    internal static Dictionary<int, Part> Choose(List<FlowStep> steps, FunctionFacts facts, PartSurvey survey, MethodSize size, ModuleEmission module)
    {
        var limit = module.MethodLimit;
        if (survey.MostOpen > MostOpenBlocks || survey.Parts.Count == 0 || !Liveness.TryFind(steps, facts.Locals.Length, survey.Parts))
            return [];
        var chosen = new Dictionary<int, Part>();
        foreach (var part in survey.Parts.Where(IsWorthwhile).OrderByDescending(part => part.Size.ShareOf(limit) / Math.Pow(LoopWeight, part.Loops)))
        {
            if (chosen.Count == module.SpareMethods || (!module.SplitsAll && size.ShareOf(limit) <= 1))
                break;
            chosen.Add(part.Start, part);
            size = size - part.Size + CallOf(part);
        }

        return chosen;

        bool IsWorthwhile(Part part) => part.Taken.Length <= MostTaken
            && part.Given.Length <= PartResults.Most - PartResults.MostCarried
            && part.Given.All(local => !facts.Locals[local].Kind.IsReference)
            && (module.SplitsAll || CallOf(part).ShareOf(limit) < part.Size.ShareOf(limit) / 2);
    }

    /// <summary>What calling it adds to the method, roughly.</summary>
    static MethodSize CallOf(Part part) =>
        new(40 + (2 * part.Taken.Length) + (9 * part.Given.Length), 20 + part.Taken.Length + (5 * part.Given.Length), 3, 4 + part.Taken.Length + (2 * part.Given.Length), 0);
}
