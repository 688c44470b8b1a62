using Allotrope.Contracts;

namespace Allotrope.Actors.Tests.Components;

/// <summary>Components as others' compilers make them, whose standard libraries import more than their programs use.</summary>
[Collection(nameof(Components))] // of which one measures memory
public sealed class CompiledElsewhereTests : IAsyncLifetime
{
    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public Task A_component_in_Rust_answers() => AnswersAsync(HttpExchange.Guest("hello-rust/hello.wasm"));

    /// <summary>Most of it is an engine for JavaScript, of 12 MB; <c>npm run build hello-javascript</c> in guests/components makes it.</summary>
    [Fact]
    public async Task A_component_in_JavaScript_answers()
    {
        var file = Path.Combine(Root(), "artifacts", "guests", "hello-javascript.wasm");
        Assert.SkipUnless(File.Exists(file), "built by `npm run build hello-javascript` in guests/components");
        await AnswersAsync(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    async Task AnswersAsync(byte[] component)
    {
        // The first request compiles what it calls, which is much of an engine.
        var status = await _node.RunComponentAsync("page", component, limits: ComponentLimits.Default with { CallTime = ActorNode.Patience });
        Assert.True(status.State == WorkloadState.Running, status.Message);
        for (var time = 0; time < 3; time++)
            Assert.Equal((200, "Hello, Ada!"), await _node.GetAsync("page", "/Ada"));
        Assert.Empty(await _node.LogsAsync("page"));
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Allotrope.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
