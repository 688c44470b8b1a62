namespace Allotrope.Contracts;

/// <summary>Puts nodes together from a stream of begin and end events, with a stack of its own instead of recursion, and keeps the bounds.</summary>
sealed class NodeBuilder(Problems problems)
{
    readonly Stack<Open> _open = new();
    readonly Dictionary<string, Node> _named = [];
    int _nodes;

    /// <summary>The finished document, once its outermost node is closed.</summary>
    public Node? Root { get; private set; }

    /// <summary>False once a bound is broken; the reader then stops.</summary>
    public bool Goes { get; private set; } = true;

    /// <summary>Whether the next scalar is a key.</summary>
    public bool AtKey => _open.TryPeek(out var open) && open is { IsMapping: true, Key: null };

    public void Scalar(Place at, string text, bool plain, string? name = null)
    {
        if (text.Length > DocumentLimits.ValueLength)
        {
            Stop(at, $"a value of {text.Length} characters", $"at most {DocumentLimits.ValueLength} are allowed");
            return;
        }
        if (!IsUnicode(text))
            problems.Error(at, $"text '{Quote.Short(text)}' that is no Unicode",
                "half of a surrogate pair stands for nothing; write the character itself");
        if (AtKey)
            _open.Peek().Begin(text, at, problems);
        else
            Add(new Node.Scalar(at, text, plain), name);
    }

    public void BeginMapping(Place at, string? name = null) => Push(new(at, IsMapping: true, name));

    public void BeginSequence(Place at, string? name = null) => Push(new(at, IsMapping: false, name));

    /// <summary>
    /// Uses a value that was given a name again: the node itself, not a copy, so that a small document stays small however often it does.
    /// A value has its name only once it is complete, so none holds itself.
    /// </summary>
    public void Alias(Place at, string name)
    {
        if (AtKey)
            Stop(at, $"alias '*{Quote.Short(name)}' as a key", "a key is a plain word such as 'name'");
        else if (_named.TryGetValue(name, out var node))
            Add(node, name: null);
        else
            Stop(at, $"alias '*{Quote.Short(name)}'", $"nothing before it is named '&{Quote.Short(name)}'");
    }

    public void End()
    {
        var closed = _open.Pop();
        Add(closed.IsMapping ? new Node.Mapping(closed.At, closed.Entries) : new Node.Sequence(closed.At, closed.Items), closed.Name);
    }

    void Push(Open open)
    {
        if (AtKey)
            Stop(open.At, "a key that is no word", "a key is a plain word such as 'name'");
        else if (_open.Count == DocumentLimits.Depth)
            Stop(open.At, $"more than {DocumentLimits.Depth} levels of nesting", "a blueprint needs nine");
        else
            _open.Push(open);
    }

    void Add(Node node, string? name)
    {
        if (name is not null)
            _named[name] = node;
        if (++_nodes > DocumentLimits.Nodes)
            Stop(node.At, $"more than {DocumentLimits.Nodes} values", "split the blueprint");
        else if (_open.TryPeek(out var open))
            open.Add(node);
        else
            Root = node;
    }

    static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
                return false;
        return true;
    }

    public void Stop(Place at, string found, string expected)
    {
        problems.Error(at, found, expected);
        Goes = false;
    }

    /// <summary>A mapping or list whose end has not come yet.</summary>
    sealed record Open(Place At, bool IsMapping, string? Name)
    {
        readonly HashSet<string> _seen = [];
        Place _keyAt;

        public List<Entry> Entries { get; } = [];

        public List<Node> Items { get; } = [];

        public string? Key { get; private set; }

        public void Begin(string key, Place at, Problems problems)
        {
            if (key.Length > DocumentLimits.KeyLength)
                problems.Error(at, $"a key of {key.Length} characters", $"at most {DocumentLimits.KeyLength} are allowed");
            else if (!_seen.Add(key))
                problems.Error(at, $"key '{Quote.Short(key)}' a second time", "each key of a mapping stands once");
            (Key, _keyAt) = (key, at);
        }

        public void Add(Node node)
        {
            if (!IsMapping)
                Items.Add(node);
            else
                Entries.Add(new(Key!, _keyAt, node));
            Key = null;
        }
    }
}
