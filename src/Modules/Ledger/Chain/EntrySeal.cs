using System.Security.Cryptography;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Ledger;

/// <summary>
/// Hash and seal of an entry, as docs/reference/ledger.md has them: the hash covers every field but itself and the seal, and through
/// <see cref="LedgerEntry.Previous"/> all entries before; the seal is the node's signature over it.
/// </summary>
static class EntrySeal
{
    const string HashDomain = "allotrope/ledger-entry/v1";
    const string SealDomain = "allotrope/ledger-seal/v1";

    /// <summary>What the first entry names as the one before.</summary>
    public static readonly string Beginning = new('0', 64);

    /// <summary>Lower-case hex SHA-256.</summary>
    public static string Hash(LedgerEntry entry) => Convert.ToHexStringLower(SHA256.HashData(new FieldEncoding(HashDomain)
        .Add(entry.Number)
        .Add(entry.Previous)
        .Add(entry.Time)
        .Add(entry.Kind)
        .Add(entry.Tenant)
        .Add(entry.Name)
        .Add(entry.Version)
        .Add(entry.Canonical.Span)
        .Add(entry.Subject)
        .Add(entry.SignedAt)
        .Add(entry.Signer)
        .Add(entry.Signature.Span)
        .Add(entry.Node)
        .ToBytes()));

    /// <summary>The entry with its hash and the seal of <paramref name="node"/>.</summary>
    public static LedgerEntry Seal(LedgerEntry entry, KeyPair node)
    {
        var hashed = entry with { Node = node.PublicKey.ToString() };
        var hash = Hash(hashed);
        return hashed with { Hash = hash, Seal = node.Sign(Sealed(hash)) };
    }

    /// <summary>Whether the node named has sealed the entry's hash.</summary>
    public static bool Verify(LedgerEntry entry) =>
        PublicKey.TryParse(entry.Node, null, out var node) && node.Role is KeyRole.Node && node.Verify(Sealed(entry.Hash), entry.Seal.Span);

    static byte[] Sealed(string hash) => new FieldEncoding(SealDomain).Add(hash).ToBytes();
}
