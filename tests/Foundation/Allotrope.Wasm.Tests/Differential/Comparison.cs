using Allotrope.Wasm.Tests.Tiering;

namespace Allotrope.Wasm.Tests.Differential;

/// <summary>One seed's module on both engines.</summary>
/// <param name="oracle">The other engine.</param>
sealed class Comparison(Oracle oracle)
{
    static readonly CompileOptions Counted = new() { Fuel = true, Deterministic = true };

    /// <summary>The modes that take turns beside the default one. Where several count fuel, they must agree on it.</summary>
    static readonly CompileOptions[][] Modes =
    [
        [new() { MemoryChecks = MemoryChecks.Explicit }],
        [new() { Tier = Tier.Interpreted }],
        [Counted, Counted with { MemoryChecks = MemoryChecks.Explicit }, Counted with { Tier = Tier.Interpreted }, Changing.AtOnce with { Fuel = true, Deterministic = true }],
        [Changing.AtOnce, Changing.Anywhere(seed: 3)],
    ];

    /// <summary>The only ones of them that are tried, by their place, when <c>ALLOT_FUZZ_MODE</c> says so.</summary>
    static readonly int? Only = int.TryParse(Environment.GetEnvironmentVariable("ALLOT_FUZZ_MODE"), out var mode) ? mode : null;

    /// <summary>Most modules tried in order to make one smaller.</summary>
    const int MostTries = 400;

    readonly SortedDictionary<string, int> _ends = [];

    /// <summary>How calls ended, and how often.</summary>
    public string Ends => string.Join(", ", _ends.Select(end => $"{end.Key} {end.Value}"));

    /// <summary>How large modules are: mostly small, so that many are tried.</summary>
    public static int SizeOf(ulong seed) => (seed % 97) switch
    {
        0 => 24,
        < 12 => 8,
        < 40 => 4,
        _ => 2,
    };

    /// <summary>Null when the engines agree; otherwise what differs, in the smallest module that was found to show it.</summary>
    public string? Check(ulong seed, out GeneratedModule module)
    {
        var generator = new ModuleGenerator(seed, oracle.Features, SizeOf(seed));
        module = generator.Make();
        if (Difference(module, note: true) is not { } difference) return null;
        var (smallest, left) = Shrink(seed, generator.Parts);
        return $"seed {seed} ({smallest.Binary.Length} bytes, {left} parts): {Difference(smallest) ?? difference}\n{Convert.ToHexStringLower(smallest.Binary)}";
    }

    /// <summary>The first line of what happened that is not the same.</summary>
    string? Difference(GeneratedModule module, bool note = false)
    {
        var theirs = oracle.Run(module);
        if (note)
            foreach (var line in theirs.Where(line => line[0] is 'f' or 'i')) Note(line);
        var fuel = default(string);
        foreach (var options in (CompileOptions[])[CompileOptions.Default, .. Modes[Only ?? (module.Binary.Length % Modes.Length)]])
        {
            var own = Own(module, options);
            if (options.Fuel && own[^1].StartsWith(OwnRun.FuelLine, StringComparison.Ordinal))
            {
                if ((fuel ??= own[^1]) != own[^1]) return $"with {options} {own[^1]} instead of {fuel}";
                own.RemoveAt(own.Count - 1);
            }
            for (var i = 0; i < Math.Max(theirs.Count, own.Count); i++)
                if (theirs.ElementAtOrDefault(i) is var their && own.ElementAtOrDefault(i) is var our && their != our && !(IsRefusal(their) && IsRefusal(our)))
                    return $"ours with {options}:\n  {our}\n{oracle.Name}:\n  {their}";
            if (own is [var only] && IsRefusal(only)) return $"a generated module is not valid: {only}; {theirs[0]}";
        }
        return null;
    }

    void Note(string line)
    {
        var outcome = line[(line.IndexOf(':') + 2)..].Split(';')[0];
        var end = outcome.StartsWith("trap", StringComparison.Ordinal) || outcome == "exception" ? outcome : "returned";
        _ends[end] = _ends.GetValueOrDefault(end) + 1;
    }

    static bool IsRefusal(string? text) => text?.StartsWith("instantiation: refused", StringComparison.Ordinal) == true;

    static List<string> Own(GeneratedModule module, CompileOptions options)
    {
        try
        {
            return OwnRun.Run(module, options);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return [$"failed: {e}"];
        }
    }

    /// <summary>Leaves out halves, quarters and so on of the parts as long as the engines still differ.</summary>
    (GeneratedModule Module, int Parts) Shrink(ulong seed, IReadOnlyList<ulong> parts)
    {
        var omitted = new HashSet<ulong>();
        var (smallest, kept, tries) = (Make(omitted, out var made), made, 0);
        for (var chunk = Math.Max(1, kept.Count / 2); chunk > 0; chunk /= 2)
            for (var at = 0; at < kept.Count && tries < MostTries; tries++)
            {
                HashSet<ulong> candidate = [.. omitted, .. kept.Skip(at).Take(chunk)];
                var module = Make(candidate, out var remaining);
                if (remaining.Count < kept.Count && module.Binary.Length <= smallest.Binary.Length && Difference(module) is { } difference && !difference.Contains("not valid"))
                    (omitted, smallest, kept) = (candidate, module, remaining);
                else
                    at += chunk;
            }
        return (smallest, kept.Count);

        GeneratedModule Make(HashSet<ulong> without, out List<ulong> remaining)
        {
            var generator = new ModuleGenerator(seed, oracle.Features, SizeOf(seed), without);
            var module = generator.Make();
            remaining = [.. generator.Parts];
            return module;
        }
    }
}
