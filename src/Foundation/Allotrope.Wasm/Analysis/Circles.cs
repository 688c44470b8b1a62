using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// The strongly connected components of a call graph: functions that may call one another in a circle are in one. Tarjan's algorithm (1972), with a
/// stack of its own, as a module can nest calls deeper than ours goes.
/// </summary>
sealed class Circles
{
    const int Unseen = 0;

    readonly CallGraph _graph;
    readonly int[] _number;
    readonly int[] _low;
    readonly int[] _circle;
    readonly int[] _place;
    readonly Stack<int> _open = [];
    readonly Stack<int> _path = [];
    readonly List<int> _order = [];
    readonly List<int> _starts = [];
    int _numbered;

    internal Circles(CallGraph graph)
    {
        _graph = graph;
        _number = new int[graph.Count];
        _low = new int[graph.Count];
        _place = new int[graph.Count];
        _circle = new int[graph.Count];
        Array.Fill(_circle, -1);
        for (var node = 0; node < graph.Count; node++)
        {
            if (_number[node] == Unseen)
                Visit(node);
        }

        _starts.Add(_order.Count);
    }

    internal int Count => _starts.Count - 1;

    /// <summary>The circle a node is in. Circles are numbered so that callees come before their callers.</summary>
    internal int Of(int node) => _circle[node];

    internal ReadOnlySpan<int> Members(int circle) => CollectionsMarshal.AsSpan(_order)[_starts[circle].._starts[circle + 1]];

    /// <summary>Whether there is a way from its functions back to themselves.</summary>
    internal bool IsRecursive(int circle)
    {
        var first = _order[_starts[circle]];
        return _starts[circle + 1] - _starts[circle] > 1 || _graph.CalleesOf(first).Contains(first);
    }

    void Visit(int root)
    {
        Enter(root);
        while (_path.TryPeek(out var node))
        {
            if (_place[node] < _graph.Callees(node))
            {
                var callee = _graph.Callee(node, _place[node]++);
                if (_number[callee] == Unseen)
                    Enter(callee);
                else if (_circle[callee] < 0)
                    _low[node] = Math.Min(_low[node], _number[callee]);
                continue;
            }

            _path.Pop();
            if (_path.TryPeek(out var caller))
                _low[caller] = Math.Min(_low[caller], _low[node]);
            if (_low[node] == _number[node])
                Close(node);
        }
    }

    void Enter(int node)
    {
        _number[node] = _low[node] = ++_numbered;
        _open.Push(node);
        _path.Push(node);
    }

    void Close(int root)
    {
        var circle = _starts.Count;
        _starts.Add(_order.Count);
        int member;
        do
        {
            member = _open.Pop();
            _circle[member] = circle;
            _order.Add(member);
        }
        while (member != root);
    }
}
