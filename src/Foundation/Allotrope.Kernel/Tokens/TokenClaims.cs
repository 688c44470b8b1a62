using System.Text.Json;

namespace Allotrope.Kernel;

/// <summary>The registered claims (RFC 7519, section 4.1) of a payload; what else it holds is its reader's business.</summary>
readonly record struct TokenClaims(
    PublicKey Issuer, string Subject, string Id, DateTimeOffset? IssuedAt, DateTimeOffset? NotBefore, DateTimeOffset? Expires)
{
    const int MaxDepth = 32;

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Refuses any header but the one there is: no other algorithm, no extension that would change what the signature means.</summary>
    public static void RequireHeader(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json, "header");
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || root.GetPropertyCount() != 2 || !Is(root, "typ", "jwt") || !Is(root, "alg", "Ed25519"))
            throw Invalid("header", """The token's header must be {"typ":"jwt","alg":"Ed25519"} and nothing else.""");
    }

    public static TokenClaims Read(ReadOnlySpan<byte> json)
    {
        using var document = Parse(json.ToArray(), "payload");
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw Invalid("payload", "The token's payload must be a JSON object.");
        if (!PublicKey.TryParse(Text(root, "iss"), out var issuer))
            throw Invalid("iss", "The token's \"iss\" must be the public key (nkey) that signed it.");

        return new(issuer, Text(root, "sub"), Text(root, "jti"), Time(root, "iat"), Time(root, "nbf"), Time(root, "exp"));
    }

    static JsonDocument Parse(ReadOnlyMemory<byte> json, string part)
    {
        try
        {
            return JsonDocument.Parse(json, Strict);
        }
        catch (JsonException e)
        {
            throw new FaultException(new Fault.Invalid(part, $"The token's {part} is not JSON: {e.Message}"), e);
        }
    }

    static bool Is(JsonElement root, string name, string value) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.ValueEquals(value);

    static string Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
            return "";
        if (member.ValueKind != JsonValueKind.String)
            throw Invalid(name, $"The token's \"{name}\" must be a string.");

        try
        {
            return member.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new FaultException(new Fault.Invalid(name, $"The token's \"{name}\" is not well-formed Unicode."), e);
        }
    }

    // A time that cannot be read must not become "no limit".
    static DateTimeOffset? Time(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
            return null;

        return member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var seconds) && seconds is >= 0 and <= 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw Invalid(name, $"The token's \"{name}\" must be whole seconds since 1970, up to the year 9999.");
    }

    static FaultException Invalid(string where, string message) => new(new Fault.Invalid(where, message));
}
