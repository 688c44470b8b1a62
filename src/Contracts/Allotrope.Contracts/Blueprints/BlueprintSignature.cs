using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>
/// Signs and checks what a tenant asks for. The bytes signed are a domain-separated encoding (<see cref="FieldEncoding"/>) that covers every
/// field, so a signature never fits another kind of message, and no field can be changed without breaking it.
/// </summary>
public static class BlueprintSignature
{
    const string PutDomain = "allotrope/blueprint.put/v1";
    const string RemoveDomain = "allotrope/blueprint.delete/v1";

    /// <param name="canonical">From <c>BlueprintCanonical</c>; shared, not copied.</param>
    /// <param name="time">Now.</param>
    public static SignedBlueprint Sign(ReadOnlyMemory<byte> canonical, KeyPair key, DateTimeOffset time)
    {
        var signer = key.PublicKey.ToString();
        var at = time.ToUniversalTime();
        return new(canonical, at, signer, key.Sign(Encode(canonical.Span, at, signer)));
    }

    /// <inheritdoc cref="Sign(ReadOnlyMemory{byte}, KeyPair, DateTimeOffset)"/>
    public static SignedRemoval SignRemoval(string name, long revision, KeyPair key, DateTimeOffset time)
    {
        var signer = key.PublicKey.ToString();
        var at = time.ToUniversalTime();
        return new(name, revision, at, signer, key.Sign(Encode(name, revision, at, signer)));
    }

    /// <summary>Whether the signer named is the one who signed exactly this; says nothing of whether that signer may.</summary>
    public static bool Verify(SignedBlueprint signed) =>
        signed.SignedAt.Offset == TimeSpan.Zero && PublicKey.TryParse(signed.Signer, null, out var key)
        && key.Verify(Encode(signed.Canonical.Span, signed.SignedAt, signed.Signer), signed.Signature.Span);

    /// <inheritdoc cref="Verify(SignedBlueprint)"/>
    public static bool Verify(SignedRemoval signed) =>
        signed.Name is not null && signed.SignedAt.Offset == TimeSpan.Zero && PublicKey.TryParse(signed.Signer, null, out var key)
        && key.Verify(Encode(signed.Name, signed.Revision, signed.SignedAt, signed.Signer), signed.Signature.Span);

    static byte[] Encode(ReadOnlySpan<byte> canonical, DateTimeOffset at, string signer) =>
        new FieldEncoding(PutDomain).Add(canonical).Add(at).Add(signer).ToBytes();

    static byte[] Encode(string name, long revision, DateTimeOffset at, string signer) =>
        new FieldEncoding(RemoveDomain).Add(name).Add(revision).Add(at).Add(signer).ToBytes();
}
