using System.Text.Json.Serialization;

namespace Allotrope.Ledger;

/// <summary>Who owns workloads and data: a name and the keys that speak for it.</summary>
/// <param name="Keys">Public keys in nkey text form, of role U (user) or A (account). A key that is retired stays in the list as long as the ledger
/// is to be verified with it.</param>
public sealed record Tenant(string Name, IReadOnlyList<string> Keys);

/// <summary>The JSON form of a tenant's file, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Tenant))]
public sealed partial class TenantJson : JsonSerializerContext;
