namespace Allotrope.Contracts.Tests;

public class WarningTests
{
    [Theory]
    [InlineData("namespace: wasi, package: keyvalu, interfaces: [store]", "package 'wasi:keyvalu' at app.yaml:10:74; did you mean 'wasi:keyvalue'?")]
    [InlineData("namespace: wasi, package: keyvalue, interfaces: [stor]",
        "interface 'stor' of wasi:keyvalue at app.yaml:10:97; did you mean 'store'?")]
    public void A_known_interface_with_a_slip_is_a_warning(string link, string warning) =>
        Assert.Equal(warning, Assert.Single(Read(link, "a:b").Warnings).ToString());

    [Fact]
    public void An_interface_of_ones_own_is_none() =>
        Assert.Empty(Read("namespace: acme, package: rockets, interfaces: [launch]", "acme:rockets").Warnings);

    [Fact]
    public void A_known_contract_with_a_slip_is_a_warning() =>
        Assert.Contains("did you mean 'wasmcloud:keyvalue'?",
            Assert.Single(Read("namespace: a, package: b, interfaces: [c]", "wasmcloud:keyvalu").Warnings).ToString());

    [Fact]
    public void The_older_config_keys_still_work_with_a_warning()
    {
        var read = Read("namespace: a, package: b, interfaces: [c], target_config: [{name: x, properties: {k: v}}]", "a:b");
        Assert.Equal("v", read.Blueprint.Components[0].Links[0].AtTarget.Config[0].Properties["k"]);
        Assert.Contains("'target: {config: [...]}'", Assert.Single(read.Warnings).ToString());
    }

    [Fact]
    public void A_policy_without_meaning_is_a_warning()
    {
        var read = Manifest.ReadText("""
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: a}
            spec:
              policies: [{name: p, type: acme/colour}]
              components: [{name: a, type: actor, properties: {image: a.wasm}}]
            """);
        Assert.Contains("policy type 'acme/colour'", Assert.Single(read.Warnings).ToString());
    }

    static ReadBlueprint Read(string link, string contract) => Manifest.ReadText(
        $$$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: a}
        spec:
          components:
            - name: a
              type: component
              properties: {image: a.wasm}
              traits:
                - {type: link, properties: {target: b, {{{link}}}}}
            - name: b
              type: capability
              properties: {image: b.bin, contract: "{{{contract}}}"}
        """);
}
