using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

public sealed class StartTests : IAsyncLifetime
{
    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task An_unsigned_actor_is_refused() => await FailsAsync(Probe.Module, "not signed");

    [Fact]
    public async Task A_tampered_actor_is_refused()
    {
        var tampered = Probe.Signed();
        var text = tampered.AsSpan().IndexOf("spin_for_ever"u8);
        tampered[text] = (byte)'S';

        await FailsAsync(tampered, "changed after");
    }

    [Fact]
    public async Task An_image_that_is_not_here_is_named() => Assert.Contains(
        "no artifact sha256:", (await _node.AssignAsync("app", "app.wasm@" + ArtifactStore.Digest("?"u8))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_image_without_a_digest_is_refused() =>
        Assert.Contains("without a digest", (await _node.AssignAsync("app", "app.wasm")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_actor_that_imports_what_no_host_offers_says_what() =>
        await FailsAsync(Probe.Sign(Wat.ImportingUnknown), "env");

    [Fact]
    public async Task A_module_that_cannot_be_called_says_what_it_lacks() =>
        await FailsAsync(Probe.Sign(Wat.Empty), "exports no memory");

    [Fact]
    public async Task A_start_that_never_ends_is_stopped() =>
        await FailsAsync(Probe.Sign(Wat.EndlessStart), "did not finish its start", new ComponentLimits(64, TimeSpan.FromMilliseconds(100)));

    [Fact]
    public async Task A_start_section_may_call_its_host()
    {
        Assert.Equal(WorkloadState.Running, (await _node.RunAsync("app", Probe.Sign(Wat.LoggingStart))).State);
        Assert.Contains(await _node.LogsAsync("app"), line => line.Text == "starting");
    }

    [Fact]
    public async Task An_actor_that_needs_more_memory_than_it_may_have_is_refused() =>
        await FailsAsync(Probe.Sign(Wat.HundredPages), "pages", new ComponentLimits(1, TimeSpan.FromSeconds(1)));

    [Fact]
    public async Task A_failed_start_leaves_the_others_alone()
    {
        await _node.RunAsync("good", Probe.Signed());
        await FailsAsync(Probe.Module, "not signed");

        Assert.Equal("hi", Encoding.UTF8.GetString((await _node.CallAsync("good", "echo", "hi"u8.ToArray())).Body.Span));
    }

    async Task FailsAsync(byte[] module, string because, ComponentLimits? limits = null)
    {
        var status = await _node.RunAsync("app", module, limits: limits);

        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains(because, status.Message, StringComparison.Ordinal);
        Assert.IsType<Fault.Unreachable>(await _node.FaultOfAsync("app", "echo"));
    }
}
