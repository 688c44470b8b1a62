namespace Allotrope.Contracts;

/// <summary>A mapping of a compose file with what YAML's merge key <c>&lt;&lt;</c> brings into it. Keys it does not know are none of its business.</summary>
sealed class ComposeMapping
{
    const string MergeKey = "<<";

    readonly Dictionary<string, Entry> _entries = [];

    public ComposeMapping(Node.Mapping node)
    {
        At = node.At;
        // A stack of its own: merges may chain as deep as a document is long. By reference, for records compare by all they hold.
        var (open, seen) = (new Stack<Node>([node]), new HashSet<Node>(ReferenceEqualityComparer.Instance));
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next))
                continue;
            if (next is Node.Sequence list)
                foreach (var item in list.Items.Reverse())
                    open.Push(item);
            foreach (var entry in (next as Node.Mapping)?.Entries ?? [])
                if (entry.Key == MergeKey)
                    open.Push(entry.Value);
                else
                    _entries.TryAdd(entry.Key, entry);
        }
    }

    public Place At { get; }

    public IEnumerable<Entry> Entries => _entries.Values;

    public Node? Value(string key) => _entries.GetValueOrDefault(key)?.Value is not Node.Scalar { IsNothing: true } and { } value ? value : null;

    public Place PlaceOf(string key) => Value(key)?.At ?? At;

    public string? Text(string key) => Value(key) is Node.Scalar { Text.Length: > 0 } scalar ? scalar.Text : null;

    public ComposeMapping? Mapping(string key) => Value(key) is Node.Mapping mapping ? new(mapping) : null;
}
