using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Ledger;

/// <summary>
/// Decides whether a wish becomes an entry. Trusts nothing the client did: sizes, signature, tenant, canonical form, every rule of a blueprint,
/// ownership of the name, freshness and version are checked here, in this order, cheapest first.
/// </summary>
sealed class Admission(Tenants tenants, TimeProvider time)
{
    const int SignatureBytes = 64;

    /// <summary>How far a signer's clock may be ahead of ours.</summary>
    static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>The entry to append, without its place in the chain, or <see langword="null"/> when just this content is in force already.</summary>
    /// <exception cref="FaultException">The reason why not.</exception>
    public LedgerEntry? Judge(SignedBlueprint signed, LedgerState state)
    {
        if (signed.Canonical.Length > DocumentLimits.Bytes)
            throw new FaultException(new Fault.Invalid(
                "blueprint", $"The blueprint has {signed.Canonical.Length} bytes; at most {DocumentLimits.Bytes} are allowed."));
        if (signed.Signature.Length != SignatureBytes || !BlueprintSignature.Verify(signed))
            throw Refused("The signature does not fit the blueprint: it was changed after it was signed, or never signed; apply it again.");
        var tenant = TenantOf(signed.Signer);
        var blueprint = BlueprintCanonical.Read(signed.Canonical.Span);
        var history = state[blueprint.Name] ?? BlueprintHistory.Of(blueprint.Name, tenant);
        CheckOwner(history, blueprint.Name, tenant);
        if (history.Current is { } current && current.Canonical.Span.SequenceEqual(signed.Canonical.Span))
            return null;
        CheckFresh(history, signed.SignedAt);
        return new(
            0, "", time.GetUtcNow(), EntryKind.Put, tenant, blueprint.Name, VersionOf(blueprint, history, signed), signed.Canonical, 0,
            signed.SignedAt, signed.Signer, signed.Signature, "", "", default);
    }

    /// <inheritdoc cref="Judge(SignedBlueprint, LedgerState)"/>
    public LedgerEntry Judge(SignedRemoval signed, LedgerState state)
    {
        if (signed.Signature.Length != SignatureBytes || !BlueprintSignature.Verify(signed))
            throw Refused("The signature does not fit the removal: it was changed after it was signed, or never signed; delete the blueprint again.");
        var tenant = TenantOf(signed.Signer);
        if (state[signed.Name] is not { Current: { } current } history || history.Name != signed.Name)
            throw new FaultException(new Fault.NotFound($"There is no blueprint '{Short(signed.Name)}'; `allot list` shows which there are."));
        CheckOwner(history, signed.Name, tenant);
        if (current.Number != signed.Revision)
            throw new FaultException(new Fault.Conflict(
                $"Blueprint '{signed.Name}' is at revision {current.Number}, not {signed.Revision}: "
                + "somebody changed it meanwhile; look at it and delete it again."));
        CheckFresh(history, signed.SignedAt);
        return new(
            0, "", time.GetUtcNow(), EntryKind.Remove, tenant, signed.Name, "", default, signed.Revision,
            signed.SignedAt, signed.Signer, signed.Signature, "", "", default);
    }

    string TenantOf(string signer) => tenants.Of(signer)
        ?? throw Refused($"The key {signer} belongs to no tenant this node knows; its operator can add it to the folder tenants.");

    static void CheckOwner(BlueprintHistory history, string name, string tenant)
    {
        if (history.Tenant != tenant)
            throw Refused($"The name '{name}' belongs to another tenant; choose another one.");
        if (history.Name != name)
            throw new FaultException(new Fault.Conflict(
                $"On the bus '{name}' could not be told apart from the blueprint '{history.Name}'; choose another name."));
    }

    void CheckFresh(BlueprintHistory history, DateTimeOffset signedAt)
    {
        if (signedAt > time.GetUtcNow() + ClockTolerance)
            throw Refused($"It was signed at {signedAt:u}, which is still to come here; set the signer's or the node's clock right.");
        if (history.Newest is { } newest && signedAt <= newest.SignedAt)
            throw Refused(
                $"It was signed at {signedAt:u}, before the last change of '{history.Name}' ({newest.SignedAt:u}), "
                + "and may be an old one played back; sign it again.");
    }

    static string VersionOf(Blueprint blueprint, BlueprintHistory history, SignedBlueprint signed)
    {
        if (blueprint.Version is not { } version)
            return history.NextVersion();
        if (history.Versions.TryGetValue(version, out var content) && content != BlueprintHistory.ContentHash(signed.Canonical.Span))
            throw new FaultException(new Fault.Conflict(
                $"Version {version} of '{blueprint.Name}' has been admitted with other content; give the changed blueprint a new version."));
        return version;
    }

    static string Short(string name) => name.Length <= 63 ? name : name[..63];

    static FaultException Refused(string message) => new(new Fault.Refused(message));
}
