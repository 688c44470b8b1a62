namespace Allotrope.Arteries;

/// <summary>Who receives an intent, worked out once for each name.</summary>
sealed class FanOut(IReadOnlyList<Member> members)
{
    const int Remembered = 4096; // as in IntentList

    readonly Dictionary<string, Member[]> _receivers = [];
    string? _lastName;
    Member[] _last = [];

    /// <summary>The members whose lists have the name, its origin among them if so.</summary>
    public Member[] Of(string name)
    {
        // The reader of a link gives the same string for the same name, and runs of one name are the rule
        if (ReferenceEquals(name, _lastName))
            return _last;
        if (!_receivers.TryGetValue(name, out var receivers))
        {
            receivers = Match(name);
            if (_receivers.Count < Remembered)
                _receivers.Add(name, receivers);
        }
        (_lastName, _last) = (name, receivers);
        return receivers;
    }

    /// <summary>Members have come or gone.</summary>
    public void Forget()
    {
        _receivers.Clear();
        (_lastName, _last) = (null, []);
    }

    // Apart, because its closure would otherwise be made for every intent
    Member[] Match(string name) => [.. members.Where(member => member.Receive.Has(name))];
}
