using System.Text;

namespace Allotrope.Kernel;

/// <summary>
/// A verified JSON Web Token of the kind wasmCloud signs: <c>header.payload.signature</c>, each part base64url without padding, the header always
/// <c>{"typ":"jwt","alg":"Ed25519"}</c>, the signature by the key the payload names as issuer. It says that the issuer wrote the payload; whether
/// that issuer is trusted is for the caller to decide.
/// </summary>
/// <param name="Issuer">The key whose signature was checked (<c>iss</c>).</param>
/// <param name="Subject">What the token speaks of (<c>sub</c>), mostly a public key; empty when it does not say.</param>
/// <param name="Id">The token's own id (<c>jti</c>); empty when it has none.</param>
/// <param name="IssuedAt"><c>iat</c>, by the issuer's clock.</param>
/// <param name="NotBefore"><c>nbf</c>: from when it holds; <see langword="null"/> for ever.</param>
/// <param name="Expires"><c>exp</c>: when it ceases to hold; <see langword="null"/> for never.</param>
/// <param name="Payload">The payload's JSON bytes exactly as signed.</param>
public sealed record Token(
    PublicKey Issuer,
    string Subject,
    string Id,
    DateTimeOffset? IssuedAt,
    DateTimeOffset? NotBefore,
    DateTimeOffset? Expires,
    ReadOnlyMemory<byte> Payload)
{
    /// <summary>Longest token accepted, in bytes. Signed actors carry about one kilobyte; schemas of providers some tens.</summary>
    public const int MaxBytes = 256 << 10;

    static ReadOnlySpan<byte> Header => """{"typ":"jwt","alg":"Ed25519"}"""u8;

    /// <summary>Signs <paramref name="payload"/>, a JSON object that names <paramref name="issuer"/>'s public key as <c>iss</c>.</summary>
    /// <exception cref="FaultException">The payload is no such object.</exception>
    public static string Sign(ReadOnlySpan<byte> payload, KeyPair issuer)
    {
        var claims = TokenClaims.Read(payload);
        if (claims.Issuer != issuer.PublicKey)
            throw Invalid("iss", $"A token signed by {issuer.PublicKey} must name it as \"iss\", not {claims.Issuer}.");

        var signed = $"{TokenText.Encode(Header)}.{TokenText.Encode(payload)}";
        return $"{signed}.{TokenText.Encode(issuer.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Checks form, signature and time.</summary>
    /// <param name="clock">Now, for <c>exp</c> and <c>nbf</c>.</param>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Invalid"/> for what is no such token; <see cref="Fault.Refused"/> for a signature that does not verify, an expired token,
    /// and one that does not hold yet.
    /// </exception>
    public static Token Verify(ReadOnlySpan<byte> text, TimeProvider clock)
    {
        if (text.Length > MaxBytes)
            throw new FaultException(new Fault.Exhausted($"This token has {text.Length} bytes, and at most {MaxBytes} are accepted."));

        var dot = text.IndexOf((byte)'.');
        var lastDot = text.LastIndexOf((byte)'.');
        if (dot < 0 || text.Count((byte)'.') != 2)
            throw Invalid("token", "A token has three parts separated by dots: header, payload and signature.");

        TokenClaims.RequireHeader(TokenText.Decode(text[..dot], "header"));
        var payload = TokenText.Decode(text[(dot + 1)..lastDot], "payload");
        var claims = TokenClaims.Read(payload);
        if (!claims.Issuer.Verify(text[..lastDot], TokenText.Decode(text[(lastDot + 1)..], "signature")))
            throw Refused($"The token's signature is not that of its issuer {claims.Issuer}: it was changed after it was signed.");

        var now = clock.GetUtcNow();
        if (claims.Expires <= now)
            throw Refused($"The token of {claims.Issuer} expired at {claims.Expires:u}.");
        if (claims.NotBefore > now)
            throw Refused($"The token of {claims.Issuer} does not hold before {claims.NotBefore:u}.");

        return new(claims.Issuer, claims.Subject, claims.Id, claims.IssuedAt, claims.NotBefore, claims.Expires, payload);
    }

    static FaultException Invalid(string where, string message) => new(new Fault.Invalid(where, message));

    static FaultException Refused(string message) => new(new Fault.Refused(message));
}
