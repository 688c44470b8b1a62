using System.Net;
using System.Security.Cryptography;

namespace Allotrope.EndToEnd;

/// <summary>Components that keep objects through a link to the blobstore provider.</summary>
public class ObjectTests
{
    [Fact]
    public async Task An_object_that_was_acknowledged_is_there_after_kill_9_and_half_a_one_is_not()
    {
        await using var world = new World();
        var first = await world.UpAsync(world.Write("app.yaml", Blueprint("[blobstore, container, types]")));
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        await PutAsync(first, "/c/whole", content);
        await PutAsync(first, "/c/replaced", [1]);
        await PutAsync(first, "/c/replaced", [2]);
        var half = new HalfBody();
        var dying = PutAsync(first, "/c/half", half);
        await half.Sent;
        await first.StopAsync("KILL");
        half.Break();
        await Assert.ThrowsAnyAsync<Exception>(() => dying);

        var second = await world.UpAsync(); // the blueprint is in the record
        Assert.Equal(content, await second.Http.GetByteArrayAsync(new Uri("/c/whole", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal([2], await second.Http.GetByteArrayAsync(new Uri("/c/replaced", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal("replaced\nwhole", await second.GetAsync("/c"));
    }

    [Fact]
    public async Task What_nothing_grants_is_refused_with_its_line()
    {
        await using var world = new World();
        var node = await world.UpAsync(world.Write("app.yaml", Blueprint("[blobstore, container, types]")));
        var bad = world.Write("bad.yaml", Blueprint("[blobstore]", name: "bad"));
        (await world.AllotAsync("apply", bad)).Fails(2, "component 'page' imports wasi:blobstore/types@0.2.0-draft", "bad.yaml:9:16",
            "add types, container to the interfaces of the link to 'blobs'");
        await PutAsync(node, "/c/a", [1]); // what runs goes on
    }

    static async Task PutAsync(RunningNode node, string path, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        await PutAsync(node, path, body);
    }

    static async Task PutAsync(RunningNode node, string path, HttpContent body)
    {
        using var response = await node.Http.PutAsync(new Uri(path, UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    static string Blueprint(string interfaces, string name = "shop") => Blueprints.Keeping(
        "objects-c/objects.wasm", "blobstore", interfaces, ("blobs", "blobstore"), name: name, more: """

                    - {type: spreadscaler, properties: {instances: 4} }
            """);

    /// <summary>A body of which the first 300,000 bytes come and then nothing.</summary>
    sealed class HalfBody : HttpContent
    {
        readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously), _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Sent => _sent.Task;

        public void Break() => _broken.SetException(new IOException("The client has enough."));

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[300_000]);
            await stream.FlushAsync();
            _sent.SetResult();
            await _broken.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
