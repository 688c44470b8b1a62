using System.Text;
using Allotrope.Contracts;

namespace Allotrope.Actors.Tests.Components;

/// <summary>What files-c keeps in its folder.</summary>
public sealed class FolderTests : IAsyncLifetime
{
    static readonly byte[] Files = HttpExchange.Guest("files-c/files.wasm");

    ActorNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        _node.Folders = [new("/data", 1)];
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    async Task<int> PutAsync(string workload, string path, byte[] body) =>
        (await _node.SendAsync(workload, "PUT", path, HttpExchange.Body(body))).Head.Status;

    [Fact]
    public async Task What_one_instance_keeps_another_finds()
    {
        await _node.RunComponentAsync("files", Files, instances: 4);

        Assert.Equal(204, await PutAsync("files", "/greeting", "hello"u8.ToArray()));
        Assert.Equal((200, "hello"), await _node.GetAsync("files", "/greeting"));
        Assert.Equal((200, "greeting\n"), await _node.GetAsync("files", "/"));
        Assert.Equal(404, (await _node.GetAsync("files", "/nothing")).Status);
        Assert.Equal(204, (await _node.SendAsync("files", "DELETE", "/greeting")).Head.Status);
        Assert.Equal(404, (await _node.GetAsync("files", "/greeting")).Status);
    }

    [Fact]
    public async Task A_standard_library_that_knows_nothing_of_components_keeps_files_there()
    {
        await _node.RunComponentAsync("guestbook", HttpExchange.Guest("guestbook-rust/guestbook.wasm"), instances: 4);
        foreach (var name in new[] { "Ada", "Grace" })
            Assert.Equal(201, (await _node.SendAsync("guestbook", "POST", "/", HttpExchange.Body(Encoding.UTF8.GetBytes(name)))).Head.Status);

        Assert.Equal((200, "Ada\nGrace\n"), await _node.GetAsync("guestbook", "/"));

        _node.Folders = [new("/elsewhere", 1)];
        await _node.RunComponentAsync("guestbook", HttpExchange.Guest("guestbook-rust/guestbook.wasm"));
        Assert.Equal(500, (await _node.SendAsync("guestbook", "POST", "/", HttpExchange.Body("Ada"u8.ToArray()))).Head.Status);
    }

    [Fact]
    public async Task Files_stay_when_the_component_is_exchanged_and_when_it_comes_back()
    {
        await _node.RunComponentAsync("files", Files);
        await PutAsync("files", "/greeting", "hello"u8.ToArray());

        _node.Folders = [new("/data", 2)];
        await _node.RunComponentAsync("files", Files);
        Assert.Equal((200, "hello"), await _node.GetAsync("files", "/greeting"));

        await _node.StopAsync("files");
        await _node.RunComponentAsync("files", Files);
        Assert.Equal((200, "hello"), await _node.GetAsync("files", "/greeting"));
    }

    [Fact]
    public async Task Each_component_has_its_own()
    {
        await _node.RunComponentAsync("one", Files);
        await _node.RunComponentAsync("other", Files);
        await PutAsync("one", "/greeting", "hello"u8.ToArray());

        Assert.Equal(404, (await _node.GetAsync("other", "/greeting")).Status);
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(_node.Files, "one", "data", "greeting"), TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_node.Files, "one", "data")));
    }

    [Fact]
    public async Task What_has_no_room_leaves_what_was_there()
    {
        await _node.RunComponentAsync("files", Files);
        await PutAsync("files", "/large", new byte[600_000]);

        Assert.Equal(507, await PutAsync("files", "/large", new byte[600_000])); // beside the old one, until it takes its place
        Assert.Equal(600_000, (await _node.GetAsync("files", "/large")).Text.Length);
        Assert.Equal(["large"], Directory.GetFiles(Path.Combine(_node.Files, "files", "data")).Select(Path.GetFileName));
        Assert.Equal(204, (await _node.SendAsync("files", "DELETE", "/large")).Head.Status);
        Assert.Equal(204, await PutAsync("files", "/large", new byte[1_000_000]));
    }

    [Fact]
    public async Task A_component_without_folders_has_none()
    {
        _node.Folders = [];
        await _node.RunComponentAsync("files", Files);

        Assert.Equal(503, (await _node.GetAsync("files", "/greeting")).Status);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_keeps_the_component_from_starting()
    {
        Directory.CreateDirectory(_node.Files);
        await File.WriteAllTextAsync(Path.Combine(_node.Files, "files"), "in the way", TestContext.Current.CancellationToken);
        var status = await _node.RunComponentAsync("files", Files);

        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.StartsWith("Component files cannot start: its folder /data cannot be used: ", status.Message, StringComparison.Ordinal);
    }
}
