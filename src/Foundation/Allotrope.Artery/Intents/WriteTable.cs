namespace Allotrope.Artery;

/// <summary>What this side has interned on a link: the id of an entry, from 1.</summary>
sealed class WriteTable<T>
    where T : class
{
    readonly Dictionary<T, int> _ids = [];
    T? _last;
    int _lastId;

    /// <summary>The id of an entry; 0 when it is to be spelled out, which defines it as long as there is room.</summary>
    public int Intern(T entry)
    {
        // Runs of one name and of one origin are the rule, and a reference is compared faster than a string is hashed
        if (ReferenceEquals(entry, _last))
            return _lastId;
        if (!_ids.TryGetValue(entry, out var id))
        {
            if (_ids.Count < ArteryLimits.Interned)
                _ids.Add(entry, _ids.Count + 1);
            return 0;
        }

        (_last, _lastId) = (entry, id);
        return id;
    }
}
