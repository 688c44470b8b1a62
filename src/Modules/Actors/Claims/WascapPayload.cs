using System.Text.Json.Serialization;

namespace Allotrope.Actors;

/// <summary>The token's payload as wasmCloud's wascap writes it, names and order included.</summary>
sealed record WascapPayload(
    [property: JsonPropertyName("exp")] long? Expires,
    [property: JsonPropertyName("jti")] string? Id,
    [property: JsonPropertyName("iat")] long? IssuedAt,
    [property: JsonPropertyName("iss")] string? Issuer,
    [property: JsonPropertyName("sub")] string? Subject,
    [property: JsonPropertyName("wascap")] WascapActor? Actor,
    [property: JsonPropertyName("wascap_revision")] int? Revision);

sealed record WascapActor(
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("hash")] string? Hash,
    [property: JsonPropertyName("tags")] IReadOnlyList<string>? Tags,
    [property: JsonPropertyName("caps")] IReadOnlyList<string>? Capabilities,
    [property: JsonPropertyName("rev")] int? Revision,
    [property: JsonPropertyName("ver")] string? Version,
    [property: JsonPropertyName("call_alias")] string? CallAlias,
    [property: JsonPropertyName("prov")] bool IsProvider);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WascapPayload))]
sealed partial class WascapJson : JsonSerializerContext;
