namespace Allotrope.Blobstore;

/// <summary>A number of places for all links of a provider. Half of them are kept for each link in equal parts, so that none can take all; whoever comes first has the others.</summary>
/// <param name="most">All places. There may be a few more for a while when a link is added.</param>
sealed class Places(int most)
{
    readonly Lock _gate = new();
    readonly Dictionary<(string Origin, string Link), int> _taken = [];

    /// <summary>How many links there are.</summary>
    public int Links { get; set; } = 1;

    int Kept => Math.Max(1, most / 2 / Math.Max(1, Links));

    /// <summary>False when neither those kept for the link nor the others have one left.</summary>
    public bool TryTake((string, string) owner)
    {
        lock (_gate)
        {
            var (own, kept) = (_taken.GetValueOrDefault(owner), Kept);
            if (own >= kept && _taken.Values.Sum(taken => Math.Max(0, taken - kept)) >= most - kept * Links)
                return false;
            _taken[owner] = own + 1;
            return true;
        }
    }

    public void Free((string, string) owner)
    {
        lock (_gate)
            if (--_taken[owner] == 0)
                _taken.Remove(owner);
    }
}
