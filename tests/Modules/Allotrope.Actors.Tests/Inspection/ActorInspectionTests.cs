using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

public sealed class ActorInspectionTests
{
    [Fact]
    public void It_tells_claims_size_memory_imports_and_exports()
    {
        var module = Probe.Signed("probe", alias: "test/probe", capabilities: "wasmcloud:keyvalue");

        var inspection = ActorInspection.Of(module);

        Assert.Equal("test/probe", inspection.Claims!.Description.CallAlias);
        Assert.Null(inspection.ClaimsProblem);
        Assert.Equal((module.Length, ArtifactStore.Digest(module)), (inspection.Bytes, inspection.Digest));
        Assert.Equal(new ActorMemory(2, null), inspection.Memory);
        Assert.Contains(new ActorImport("wasmbus", "__guest_request", "function (i32, i32) -> ()", Offered: true), inspection.Imports);
        Assert.Contains(new ActorExport("__guest_call", "function (i32, i32) -> (i32)"), inspection.Exports);
    }

    [Fact]
    public void It_tells_which_imports_no_node_offers() =>
        Assert.Equal(
            [new ActorImport("env", "abort", "function (i32) -> ()", Offered: false)], ActorInspection.Of(Wat.ImportingUnknown).Imports);

    [Fact]
    public void Of_an_unsigned_module_it_tells_everything_but_claims()
    {
        var inspection = ActorInspection.Of(Probe.Module);

        Assert.Null(inspection.Claims);
        Assert.Contains("not signed", inspection.ClaimsProblem, StringComparison.Ordinal);
        Assert.Equal(9, inspection.Imports.Count);
    }

    [Fact]
    public void What_is_no_module_is_refused_with_the_byte() => Assert.IsType<Fault.Invalid>(
        Assert.Throws<FaultException>(() => ActorInspection.Of("no module"u8)).Fault);

    [Fact]
    public void A_component_is_refused_with_what_shows_it() => Assert.Contains("`allot actor inspect`",
        Assert.Throws<FaultException>(() => ActorInspection.Of(HttpExchange.Guest("hello-c/hello.wasm"))).Message, StringComparison.Ordinal);
}
