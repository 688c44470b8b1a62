using System.Text.Json;
using Allotrope.Kernel;

namespace Allotrope.DataFolder;

/// <summary>A tenant as its file <c>tenants/{name}.json</c> has it.</summary>
/// <param name="Keys">Public keys (nkeys of role U or A) whose signatures count as the tenant's.</param>
public sealed record TenantFile(string Name, IReadOnlyList<string> Keys);

/// <summary>Whom a node trusts.</summary>
public static class Tenants
{
    /// <summary>The tenant that a first start makes.</summary>
    public const string Home = "home";

    const string Pattern = "*.json";

    /// <summary>Every tenant with the keys it signs with.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> when a file is no tenant.</exception>
    public static IReadOnlyList<TenantFile> Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new FaultException(new Fault.Damaged($"The folder {folder} of trusted keys is missing: restore the data folder from a backup."));
        return [.. Directory.EnumerateFiles(folder, Pattern).Order(StringComparer.Ordinal).Select(ReadFile)];
    }

    public static void Create(string folder, string name, PublicKey key)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(
            Path.Combine(folder, name + ".json"),
            JsonSerializer.SerializeToUtf8Bytes(new TenantFile(name, [key.ToString()]), DataFolderJson.Default.TenantFile));
    }

    static TenantFile ReadFile(string file)
    {
        try
        {
            var tenant = JsonSerializer.Deserialize(File.ReadAllBytes(file), DataFolderJson.Default.TenantFile);
            if (tenant is { Name.Length: > 0, Keys.Count: > 0 } && tenant.Keys.All(key => PublicKey.TryParse(key, null, out _)))
                return tenant;
            throw Damaged(file, "it names no tenant or holds something that is no public key", null);
        }
        catch (JsonException error)
        {
            throw Damaged(file, error.Message, error);
        }
    }

    static FaultException Damaged(string file, string why, Exception? cause) =>
        new(new Fault.Damaged($"The tenant file {file} is damaged ({why}): restore it from a backup."), cause);
}
