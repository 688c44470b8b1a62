namespace Allotrope.Contracts.Tests;

public class WorkloadNameTests
{
    [Fact]
    public void Names_that_differ_only_where_the_bus_does_not_are_refused_in_one_blueprint()
    {
        var error = Assert.Throws<Kernel.FaultException>(() => Manifest.ReadText("""
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: a}
            spec:
              components:
                - {name: Store, type: actor, properties: {image: b.wasm}}
                - {name: store, type: actor, properties: {image: b.wasm}}
            """));
        Assert.Equal("a second component 'store' at app.yaml:7:14; on the bus it could not be told apart from 'Store'", error.Message);
    }
}
