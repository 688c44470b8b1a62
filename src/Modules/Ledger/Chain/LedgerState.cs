using System.Collections.Immutable;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Ledger;

/// <summary>What the ledger says now: the sum of its entries, from which the next one is judged. Immutable.</summary>
/// <param name="Head">Number of the newest entry; 0 for none.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Blueprints">By the token that the name is on the bus, so that two names that would meet there count as one.</param>
sealed record LedgerState(long Head, string Hash, ImmutableDictionary<string, BlueprintHistory> Blueprints)
{
    public static readonly LedgerState Empty = new(0, EntrySeal.Beginning, ImmutableDictionary<string, BlueprintHistory>.Empty);

    public BlueprintHistory? this[string name] => Blueprints.GetValueOrDefault(Token(name));

    /// <summary>The state after one more entry.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> when the entry does not follow the one before.</exception>
    public LedgerState With(LedgerEntry entry)
    {
        if (entry.Number != Head + 1 || entry.Previous != Hash || entry.Hash != EntrySeal.Hash(entry))
            throw new FaultException(new Fault.Damaged(
                $"Entry {Head + 1} of the ledger does not follow from the one before; "
                + "see `allot ledger verify` and restore the record from a backup."));
        var token = Token(entry.Name);
        var history = Blueprints.GetValueOrDefault(token) ?? BlueprintHistory.Of(entry.Name, entry.Tenant);
        return new(entry.Number, entry.Hash, Blueprints.SetItem(token, history.With(entry)));
    }

    static string Token(string name) => WorkloadId.Of(name, "");
}
