using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

public sealed class ComponentInspectionTests
{
    static readonly byte[] Counter = HttpExchange.Guest("counter-c/counter.wasm");

    [Fact]
    public void It_tells_what_would_grant_each_import()
    {
        var seen = ComponentInspection.Of(Counter);
        Assert.Equal(Grant.Everyone, seen.Imports.Single(import => import.Path == "wasi:http/types").Grant);
        var store = seen.Imports.Single(import => import.Path == "wasi:keyvalue/store");
        Assert.Equal((Grant.Link, "builtin:keyvalue", "wasi:keyvalue"), (store.Grant, store.Provider, store.Package));
        Assert.Equal(["wasi:http/incoming-handler@0.2.0"], seen.Exports);
        Assert.Equal((Counter.Length, ArtifactStore.Digest(Counter)), (seen.Bytes, seen.Digest));
    }

    [Fact]
    public void It_tells_which_versions_are_known_of_one_that_is_not()
    {
        var seen = ComponentInspection.Of(Renamed(Counter, "0.2.0-draft"u8, "0.2.0-draff"u8));
        var store = seen.Imports.Single(import => import.Path == "wasi:keyvalue/store");
        Assert.Equal(Grant.OtherVersion, store.Grant);
        Assert.Equal(["wasi:keyvalue/store@0.2.0-draft", "wasi:keyvalue/store@0.2.0-draft2"], store.Versions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_no_provider_has_is_a_component_s_to_grant()
    {
        var seen = ComponentInspection.Of(Renamed(Counter, "wasi:keyvalue"u8, "shop:keyvalue"u8));
        Assert.Equal(Grant.Component, seen.Imports.Single(import => import.Path == "shop:keyvalue/store").Grant);
    }

    [Fact]
    public void A_module_is_refused_with_what_to_write() =>
        Assert.Contains("type: actor", Assert.Throws<FaultException>(() => ComponentInspection.Of(Probe.Module)).Message, StringComparison.Ordinal);

    [Fact]
    public void Damage_is_refused() =>
        Assert.Contains("no valid component", Assert.Throws<FaultException>(() => ComponentInspection.Of(Counter.AsSpan()[..^40])).Message, StringComparison.Ordinal);

    /// <summary>The same component with another name in it, as long as the one it had.</summary>
    internal static byte[] Renamed(byte[] component, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        var renamed = component.ToArray();
        for (var at = renamed.AsSpan().IndexOf(from); at >= 0; at = renamed.AsSpan().IndexOf(from))
            to.CopyTo(renamed.AsSpan(at));
        return renamed;
    }
}
