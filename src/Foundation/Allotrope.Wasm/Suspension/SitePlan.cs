namespace Allotrope.Wasm;

/// <summary>
/// The calls of a function in which it may be suspended, and which of its locals are kept there: what is read later on some way. In functions with many
/// such calls, all keep the same locals by the same code, since that counts for whether RyuJIT optimises the rest.
/// </summary>
sealed class SitePlan
{
    /// <summary>Locals that may be kept at all places together before they are kept by common code.</summary>
    const int MostKept = 600;

    /// <summary>Operands at all places together: real functions have some thousands, and a hostile one could have billions.</summary>
    const long MostOperands = 1 << 24;

    /// <summary>Bits that finding out may take.</summary>
    const long MostBits = 1 << 23;

    readonly Dictionary<int, int[]> _kept = [];

    SitePlan(int[] common) => Common = common;

    /// <summary>Locals that all places keep.</summary>
    internal int[] Common { get; }

    /// <summary>Whether the call at that place in the module is one of them.</summary>
    internal bool Contains(int position) => _kept.ContainsKey(position);

    /// <summary>Locals that are kept there beside those that all keep.</summary>
    internal int[] KeptAt(int position) => _kept[position];

    /// <summary>Null when the function is never suspended.</summary>
    internal static SitePlan? Of(SuspendingCalls calls, ModuleImage image, FunctionBody body, FunctionFacts facts)
    {
        var positions = new List<int>();
        var reader = InstructionReader.OfBody(image, body);
        var code = reader.Position;
        while (!reader.AtEnd)
        {
            var instruction = reader.Next();
            if (calls.MaySuspend(image, instruction))
                positions.Add(instruction.ByteOffset);
        }

        if (positions.Count == 0)
            return null;
        if ((long)positions.Count * facts.MaxOperands > MostOperands)
            throw new InvalidModuleException("a function has too many calls with too many operands to be suspended in them", body.Start);
        var locals = facts.Locals.Length;
        LocalSet[]? live = null;
        if ((long)positions.Count * locals <= MostBits)
            live = Liveness.After(FlowStep.Read(image, code, body.End), locals, [.. positions]);
        int[][] kept = live is null ? [] : Array.ConvertAll(live, set => set.ToArray());
        var isCommon = live is null || kept.Sum(set => set.Length) > MostKept;
        var plan = new SitePlan(!isCommon ? [] : live is null ? [.. Enumerable.Range(0, locals)] : Union(live, locals));
        foreach (var (index, position) in positions.Index())
            plan._kept[position] = isCommon ? [] : kept[index];
        return plan;
    }

    static int[] Union(LocalSet[] sets, int locals)
    {
        var all = new LocalSet(locals);
        Array.ForEach(sets, all.Add);
        return all.ToArray();
    }
}
