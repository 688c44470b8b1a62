using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>A receive or emit list: names, and prefixes that end in <c>*</c>. An empty list means every intent.</summary>
sealed class IntentList(IReadOnlyList<string> patterns)
{
    /// <summary>
    /// Names looked up before are found again without matching; more than these are matched each time, so that invented names cost no memory.
    /// </summary>
    const int Remembered = 4096;

    readonly Dictionary<string, bool> _known = [];

    public bool Has(string name)
    {
        if (patterns.Count == 0)
            return true;
        if (_known.TryGetValue(name, out var has))
            return has;
        foreach (var pattern in patterns)
            has |= IntentName.Matches(pattern, name);
        if (_known.Count < Remembered)
            _known.Add(name, has);
        return has;
    }
}
