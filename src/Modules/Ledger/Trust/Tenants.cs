using System.Collections.Frozen;
using System.Text.Json;
using Allotrope.Kernel;

namespace Allotrope.Ledger;

/// <summary>Whom a node trusts: the tenants and the public keys each of them signs with.</summary>
public sealed class Tenants
{
    /// <summary>Bytes of a tenant's file: room for a thousand keys.</summary>
    const int FileBytes = 64 * 1024;

    readonly FrozenDictionary<PublicKey, string> _byKey;

    Tenants(IEnumerable<KeyValuePair<PublicKey, string>> keys) => _byKey = keys.ToFrozenDictionary();

    /// <summary>Reads every <c>{tenant}.json</c> in <paramref name="folder"/>: <c>{"name": "home", "keys": ["U..."]}</c>.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Damaged"/> when the folder is missing or a file is no tenant; says which and why.
    /// </exception>
    public static Tenants Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new FaultException(new Fault.Damaged($"The folder {folder} of trusted keys is missing; restore the data folder from a backup."));
        return From(Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read));
    }

    /// <summary>Tenants that are known already.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> when two of them share a key, which would let one act as the other.</exception>
    public static Tenants From(IEnumerable<Tenant> tenants)
    {
        var byKey = new Dictionary<PublicKey, string>();
        foreach (var tenant in tenants)
            foreach (var key in tenant.Keys)
            {
                var parsed = PublicKey.Parse(key, null);
                if (!byKey.TryAdd(parsed, tenant.Name) && byKey[parsed] != tenant.Name)
                    throw new FaultException(new Fault.Damaged(
                        $"Tenants '{byKey[parsed]}' and '{tenant.Name}' have the same key {key}; take it from one of them."));
            }
        return new(byKey);
    }

    /// <summary>The tenant who signs with <paramref name="key"/>, or <see langword="null"/>.</summary>
    public string? Of(string key) => PublicKey.TryParse(key, null, out var parsed) ? _byKey.GetValueOrDefault(parsed) : null;

    static Tenant Read(string file)
    {
        if (new FileInfo(file).Length > FileBytes)
            throw Damaged(file, $"it is larger than {FileBytes} bytes");
        try
        {
            var tenant = JsonSerializer.Deserialize(File.ReadAllBytes(file), TenantJson.Default.Tenant);
            return tenant switch
            {
                not { Name.Length: > 0, Keys.Count: > 0 } => throw Damaged(file, "expected a name and at least one key"),
                _ when tenant.Name != Path.GetFileNameWithoutExtension(file) => throw Damaged(file, $"it names tenant '{tenant.Name}'"),
                _ when !tenant.Keys.All(IsSigner) =>
                    throw Damaged(file, $"'{tenant.Keys.First(key => !IsSigner(key))}' is no public key of a user or account"),
                _ => tenant,
            };
        }
        catch (JsonException error)
        {
            throw Damaged(file, error.Message, error);
        }
    }

    static bool IsSigner(string key) => PublicKey.TryParse(key, null, out var parsed) && parsed.Role is KeyRole.User or KeyRole.Account;

    static FaultException Damaged(string file, string why, Exception? cause = null) =>
        new(new Fault.Damaged($"The tenant file {file} is damaged ({why}); restore it from a backup."), cause);
}
