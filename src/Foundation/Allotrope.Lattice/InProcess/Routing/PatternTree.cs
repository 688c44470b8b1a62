namespace Allotrope.Lattice;

/// <summary>Receivers by the tokens of their patterns. Depth is bounded by the length of a subject.</summary>
sealed class PatternTree
{
    readonly Dictionary<string, PatternTree> _next = [];
    readonly List<Receiver> _here = [];

    public bool IsEmpty => _next.Count == 0 && _here.Count == 0;

    public void Add(Receiver receiver)
    {
        var node = this;
        foreach (var token in receiver.Pattern.Split('.'))
        {
            if (!node._next.TryGetValue(token, out var next))
                node._next[token] = next = new PatternTree();
            node = next;
        }
        node._here.Add(receiver);
    }

    /// <summary>Also drops the branches this leaves empty; false when the receiver is not there.</summary>
    public bool Remove(Receiver receiver)
    {
        var tokens = receiver.Pattern.Split('.');
        List<PatternTree> path = [this];
        foreach (var token in tokens)
        {
            if (!path[^1]._next.TryGetValue(token, out var next))
                return false;
            path.Add(next);
        }
        var removed = path[^1]._here.Remove(receiver);
        for (var i = tokens.Length; i > 0 && path[i].IsEmpty; i--)
            path[i - 1]._next.Remove(tokens[i - 1]);
        return removed;
    }

    public List<Receiver> Match(string subject)
    {
        List<Receiver> found = [];
        List<PatternTree> reached = [this];
        foreach (var token in subject.Split('.'))
        {
            List<PatternTree> further = [];
            foreach (var node in reached)
            {
                if (node._next.TryGetValue(">", out var tail))
                    found.AddRange(tail._here);
                if (node._next.TryGetValue("*", out var any))
                    further.Add(any);
                if (node._next.TryGetValue(token, out var exact))
                    further.Add(exact);
            }
            reached = further;
        }
        foreach (var node in reached)
            found.AddRange(node._here);
        return found;
    }
}
