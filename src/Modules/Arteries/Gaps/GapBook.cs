using System.Collections.Concurrent;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>All lives of origins that the core knows of, each with an account for every receiver.</summary>
sealed class GapBook
{
    /// <summary>
    /// Lives of one origin that are remembered: a receiver that was away while another restarted is still told of the earlier life.
    /// </summary>
    const int Lives = 4;

    readonly Dictionary<string, List<OriginRun>> _runs = [];
    readonly List<Member> _members = [];

    /// <summary>The life of an origin; the first time, every receiver gets an account for it.</summary>
    public OriginRun RunOf(Origin origin)
    {
        if (Find(origin.Name, origin.Epoch) is { } known)
            return known;
        if (!_runs.TryGetValue(origin.Name, out var lives))
            _runs.Add(origin.Name, lives = []);
        var run = new OriginRun(origin);
        lives.Add(run);
        if (lives.Count > Lives)
        {
            foreach (var member in _members)
                member.Accounts.TryRemove(lives[0].Origin, out _);
            lives.RemoveAt(0);
        }
        foreach (var member in _members.Where(member => member.Name != origin.Name))
        {
            var account = new Account(run);
            member.Accounts.TryAdd(run.Origin, account);
            var remembered = member.Remembered.FindIndex(entry => entry.Origin == origin.Name && entry.Epoch == origin.Epoch);
            if (remembered < 0)
                continue;
            account.GoOnFrom(member.Remembered[remembered]);
            member.Remembered.RemoveAt(remembered);
        }
        return run;
    }

    public void Add(Member member)
    {
        _members.Add(member);
        member.Accounts = NewAccounts(member);
    }

    public void Remove(Member member) => _members.Remove(member);

    /// <summary>The member is gone for good, also as origin.</summary>
    public void Forget(Member member)
    {
        Remove(member);
        if (!_runs.Remove(member.Name, out var lives))
            return;
        foreach (var other in _members)
        {
            foreach (var life in lives)
                other.Accounts.TryRemove(life.Origin, out _);
            other.Remembered.RemoveAll(entry => entry.Origin == member.Name);
        }
    }

    /// <summary>An artery of the member opens: its accounts go on if it is in the same life, and begin anew if not.</summary>
    public void Open(Member member, long epoch)
    {
        var first = member.Epoch != epoch;
        if (first && member.Epoch != 0)
        {
            (member.Accounts, member.Remembered) = (NewAccounts(member), []);
            // The backlog of its earlier life will be passed to this one
            foreach (var held in member.Held)
                if (member.Accounts.TryGetValue(held.Origin, out var account))
                    account.Mean(held.Sequence);
        }
        member.AwaitsKnown |= first; // an artery that was lost before the service could say what it knew leaves that open
        foreach (var account in member.Accounts.Values)
        {
            account.Forget();
            if (first)
                account.Mark();
        }
    }

    /// <summary>The receiver has said what it knows from before this core.</summary>
    public void Know(Member member, IReadOnlyList<KnownOrigin> known)
    {
        if (!member.AwaitsKnown)
            return; // this core has counted for it all along, and better
        member.AwaitsKnown = false;
        var before = false;
        // The newest first: a long life has met more lives of others than are remembered
        foreach (var entry in known.OrderByDescending(entry => entry.Epoch))
            before |= Know(member, entry);
        foreach (var account in member.Accounts.Values)
            account.Settle(isFresh: !before);
    }

    /// <returns>Whether it tells of a time before this core.</returns>
    bool Know(Member member, KnownOrigin known)
    {
        if (Find(known.Origin, known.Epoch) is { } run)
            return member.Accounts.TryGetValue(run.Origin, out var account) && account.GoOnFrom(known);
        // Of an origin that has not come back yet. Names that nobody has here would only take room
        if (_members.Exists(other => other.Name == known.Origin) && member.Remembered.Count(other => other.Origin == known.Origin) < Lives)
            member.Remembered.Add(known);
        return true;
    }

    OriginRun? Find(string name, long epoch) => _runs.GetValueOrDefault(name)?.Find(life => life.Origin.Epoch == epoch);

    // By reference: the core hands out one Origin for each life
    ConcurrentDictionary<Origin, Account> NewAccounts(Member member) => new(
        _runs.Values.SelectMany(lives => lives).Where(run => run.Origin.Name != member.Name)
            .Select(run => KeyValuePair.Create(run.Origin, new Account(run))),
        ReferenceEqualityComparer.Instance);
}
