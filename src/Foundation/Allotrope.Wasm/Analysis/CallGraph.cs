namespace Allotrope.Wasm;

/// <summary>
/// Who may call whom. Nodes are the functions by index (imports first), the world outside, and one for each way of calling through references, which
/// leads to all that may be reached so.
/// </summary>
sealed class CallGraph
{
    readonly int[] _starts;
    readonly int[] _targets;

    /// <param name="nodes">How many.</param>
    /// <param name="edges">From and to, alternately.</param>
    internal CallGraph(int nodes, List<int> edges)
    {
        _starts = new int[nodes + 1];
        _targets = new int[edges.Count / 2];
        for (var i = 0; i < edges.Count; i += 2)
            _starts[edges[i] + 1]++;
        for (var node = 0; node < nodes; node++)
            _starts[node + 1] += _starts[node];
        var next = _starts.AsSpan(0, nodes).ToArray();
        for (var i = 0; i < edges.Count; i += 2)
            _targets[next[edges[i]]++] = edges[i + 1];
    }

    internal int Count => _starts.Length - 1;

    internal int Edges => _targets.Length;

    /// <summary>What a node may call.</summary>
    internal ReadOnlySpan<int> CalleesOf(int node) => _targets.AsSpan(_starts[node].._starts[node + 1]);

    internal int Callees(int node) => _starts[node + 1] - _starts[node];

    internal int Callee(int node, int place) => _targets[_starts[node] + place];
}
