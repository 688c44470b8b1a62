namespace Allotrope.Contracts;

/// <summary>A blueprint as it travels: canonical bytes, who signed them and when, and the signature.</summary>
/// <param name="Canonical">The canonical JSON form (RFC 8785) of the OAM document with every image resolved to its digest.</param>
/// <param name="SignedAt">When it was signed, in UTC. The ledger admits only what was signed after the blueprint's last change, so that an
/// older signed revision cannot be played back.</param>
/// <param name="Signer">The public key (nkey, role U or A) that signed.</param>
/// <param name="Signature">Ed25519 over the domain-separated form; see <c>BlueprintSignature</c>.</param>
public sealed record SignedBlueprint(ReadOnlyMemory<byte> Canonical, DateTimeOffset SignedAt, string Signer, ReadOnlyMemory<byte> Signature);

/// <summary>A signed wish that a blueprint no longer runs.</summary>
/// <param name="Name">The blueprint.</param>
/// <param name="Revision">The contract revision the signer has seen, so that an old removal cannot be replayed onto a newer blueprint.</param>
public sealed record SignedRemoval(string Name, long Revision, DateTimeOffset SignedAt, string Signer, ReadOnlyMemory<byte> Signature);

/// <summary>What the ledger answers to an admitted change.</summary>
/// <param name="Revision">The ledger revision of the entry.</param>
/// <param name="Change"><c>created</c>, <c>updated</c>, <c>unchanged</c> or <c>removed</c>.</param>
public sealed record ContractReceipt(string Name, string? Version, long Revision, string EntryHash, string Change);

public sealed record NameRequest(string Name);

/// <summary>The newest admitted revision of a blueprint.</summary>
public sealed record AdmittedBlueprint(string Name, string Version, long Revision, string Tenant, SignedBlueprint Signed);

public sealed record BlueprintList(IReadOnlyList<BlueprintSummary> Blueprints);

public sealed record BlueprintSummary(string Name, string Version, string? Description, BlueprintState State, int Components, DateTimeOffset Applied);
