using Allotrope.Components.Wit;

namespace Allotrope.Wit.Generator;

/// <summary>Which functions may wait: those that say so themselves, and those that the project names.</summary>
sealed class Waits(IEnumerable<string> entries)
{
    readonly List<Entry> _entries = [.. entries.Distinct().Select(Entry.Parse)];

    /// <summary>Entries that no function was asked for by.</summary>
    internal IEnumerable<string> Unused => _entries.Where(entry => !entry.IsUsed).Select(entry => entry.Text);

    internal bool Has(WitScope scope, WitFunction function)
    {
        var has = function.IsAsync;
        foreach (var entry in _entries)
        {
            if (!entry.Fits(scope, function))
                continue;
            entry.IsUsed = true;
            has = true;
        }

        return has;
    }

    sealed class Entry(string text, string? package, string[] names)
    {
        internal string Text { get; } = text;

        internal bool IsUsed { get; set; }

        internal static Entry Parse(string text)
        {
            var slash = text.LastIndexOf('/');
            return new(text, slash < 0 ? null : text.Substring(0, slash), text.Substring(slash + 1).Split('.'));
        }

        internal bool Fits(WitScope scope, WitFunction function)
        {
            if (package is not null && package != scope.Package.Name.Unversioned)
                return false;
            var resource = function.Resource?.Name;
            return names.Length switch
            {
                2 => (names[0] == scope.Name && (names[1] == "*" || (resource is null && names[1] == function.Name)))
                    || (names[0] == resource && (names[1] == "*" || names[1] == function.Name)),
                3 => names[0] == scope.Name && names[1] == resource && (names[2] == "*" || names[2] == function.Name),
                _ => false,
            };
        }
    }
}
