using Allotrope.Kernel;

namespace Allotrope.Ledger.Tests;

public sealed class TenantTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tenants").FullName;
    readonly string _user = KeyPair.Create(KeyRole.User, new SeededRandom(1)).PublicKey.ToString();
    readonly string _account = KeyPair.Create(KeyRole.Account, new SeededRandom(2)).PublicKey.ToString();
    readonly string _node = KeyPair.Create(KeyRole.Node, new SeededRandom(3)).PublicKey.ToString();

    [Fact]
    public void Every_key_of_every_file_speaks_for_its_tenant()
    {
        Write("home", $$"""{"name": "home", "keys": ["{{_user}}"]}""");
        Write("work", $$"""{"name": "work", "keys": ["{{_account}}"]}""");
        var tenants = Tenants.Load(_folder);
        Assert.Equal(("home", "work", null, null), (tenants.Of(_user), tenants.Of(_account), tenants.Of(_node), tenants.Of("nonsense")));
    }

    [Fact]
    public void A_key_of_two_tenants_is_refused()
    {
        Write("home", $$"""{"name": "home", "keys": ["{{_user}}"]}""");
        Write("work", $$"""{"name": "work", "keys": ["{{_user}}"]}""");
        Assert.Contains("have the same key", Damaged());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"name": "home"}""")]
    [InlineData("""{"name": "home", "keys": []}""")]
    [InlineData("""{"name": "home", "keys": [null]}""")]
    [InlineData("""{"name": "home", "keys": ["UABC"]}""")]
    [InlineData("""{"name": "other", "keys": ["UABC"]}""")]
    public void A_file_that_is_no_tenant_is_named(string content)
    {
        Write("home", content);
        Assert.Contains(Path.Combine(_folder, "home.json"), Damaged());
    }

    [Fact]
    public void A_nodes_key_signs_for_nobody()
    {
        Write("home", $$"""{"name": "home", "keys": ["{{_node}}"]}""");
        Assert.Contains("is no public key of a user or account", Damaged());
    }

    [Fact]
    public void A_missing_folder_is_told() => Assert.Contains(
        "of trusted keys is missing", Assert.Throws<FaultException>(() => Tenants.Load(Path.Combine(_folder, "gone"))).Message);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name + ".json"), content);

    string Damaged() => Assert.IsType<Fault.Damaged>(Assert.Throws<FaultException>(() => Tenants.Load(_folder)).Fault).Message;
}
