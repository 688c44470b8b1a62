using System.Numerics;

namespace Allotrope.Wasm;

/// <summary>
/// Which imported functions some functions reach. Sixty-four imports at a time go through the graph, so that it takes memory for one number a node, and
/// time that grows with the calls times the imports; of a module for which that is too much, every function is said to reach all that is called at all.
/// </summary>
sealed class ReachedImports
{
    /// <summary>Looks at calls; some seconds. Real modules need a thousandth.</summary>
    const long MostWork = 1L << 31;

    /// <summary>Imports in all lists together.</summary>
    const long MostListed = 1L << 22;

    readonly List<Import>[] _lists;

    /// <param name="asked">The functions.</param>
    internal ReachedImports(ModuleImage image, CallGraph graph, Circles circles, int[] asked)
    {
        List<Import> imports = [.. image.Imports.Where(import => import.Type is ExternType.Func)];
        _lists = [.. asked.Select(_ => new List<Import>())];
        var rounds = (imports.Count + 63) / 64;
        if ((long)rounds * (graph.Edges + graph.Count) > MostWork || (long)imports.Count * asked.Length > MostListed)
        {
            var called = Called(graph, imports, asked);
            Array.Fill(_lists, called);
            return;
        }

        var reached = new ulong[circles.Count];
        for (var round = 0; round < rounds; round++)
        {
            Spread(graph, circles, reached, round * 64, imports.Count);
            for (var i = 0; i < asked.Length; i++)
            {
                for (var bits = reached[circles.Of(asked[i])]; bits != 0; bits &= bits - 1)
                    _lists[i].Add(imports[(round * 64) + BitOperations.TrailingZeroCount(bits)]);
            }
        }
    }

    internal IReadOnlyList<Import> Of(int place) => _lists[place];

    static void Spread(CallGraph graph, Circles circles, ulong[] reached, int first, int imports)
    {
        for (var circle = 0; circle < circles.Count; circle++)
        {
            var bits = 0UL;
            foreach (var node in circles.Members(circle))
            {
                if (node >= first && node < Math.Min(first + 64, imports))
                    bits |= 1UL << (node - first);
                foreach (var callee in graph.CalleesOf(node))
                {
                    if (circles.Of(callee) != circle)
                        bits |= reached[circles.Of(callee)];
                }
            }

            reached[circle] = bits;
        }
    }

    static List<Import> Called(CallGraph graph, List<Import> imports, int[] asked)
    {
        var called = new bool[graph.Count];
        foreach (var function in asked)
            called[function] = true;
        for (var node = 0; node < graph.Count; node++)
        {
            foreach (var callee in graph.CalleesOf(node))
                called[callee] = true;
        }

        return [.. imports.Where((_, index) => called[index])];
    }
}
