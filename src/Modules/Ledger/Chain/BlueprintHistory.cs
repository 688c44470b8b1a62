using System.Collections.Immutable;
using System.Security.Cryptography;
using Allotrope.Contracts;

namespace Allotrope.Ledger;

/// <summary>What the ledger knows of one blueprint.</summary>
/// <param name="Tenant">Who used the name first, and owns it from then on.</param>
/// <param name="Versions">SHA-256 of the content, by version. A version never gets another content.</param>
/// <param name="Newest">The last entry, which may be a removal.</param>
sealed record BlueprintHistory(string Name, string Tenant, ImmutableDictionary<string, string> Versions, LedgerEntry? Newest)
{
    public static BlueprintHistory Of(string name, string tenant) => new(name, tenant, ImmutableDictionary<string, string>.Empty, null);

    /// <summary>The entry that is in force; <see langword="null"/> once removed.</summary>
    public LedgerEntry? Current => Newest is { Kind: EntryKind.Put } ? Newest : null;

    public BlueprintHistory With(LedgerEntry entry) => this with
    {
        Newest = entry,
        Versions = entry.Kind == EntryKind.Put ? Versions.SetItem(entry.Version, ContentHash(entry.Canonical.Span)) : Versions,
    };

    /// <summary>The lowest number, counting from the versions there are, that is no version yet.</summary>
    public string NextVersion()
    {
        var number = Versions.Count + 1;
        while (Versions.ContainsKey($"{number}"))
            number++;
        return $"{number}";
    }

    public static string ContentHash(ReadOnlySpan<byte> canonical) => Convert.ToHexStringLower(SHA256.HashData(canonical));
}
