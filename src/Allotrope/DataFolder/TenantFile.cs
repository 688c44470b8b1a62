using System.Text.Json;
using Allotrope.Kernel;

namespace Allotrope.DataFolder;

/// <summary>A tenant as its file <c>tenants/{name}.json</c> has it; read by the ledger, which judges who signed.</summary>
/// <param name="Keys">Public keys (nkeys of role U or A) whose signatures count as the tenant's.</param>
public sealed record TenantFile(string Name, IReadOnlyList<string> Keys)
{
    /// <summary>The tenant that a first start makes.</summary>
    public const string Home = "home";

    public static void Create(string folder, string name, PublicKey key)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(
            Path.Combine(folder, name + ".json"),
            JsonSerializer.SerializeToUtf8Bytes(new TenantFile(name, [key.ToString()]), DataFolderJson.Default.TenantFile));
    }
}
