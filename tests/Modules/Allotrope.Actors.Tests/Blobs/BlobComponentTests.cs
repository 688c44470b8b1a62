using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.Blobs;

[Collection(nameof(Components))]
public sealed class BlobComponentTests : IAsyncLifetime
{
    static readonly byte[] Block = new byte[64 * 1024];

    BlobNode _world = null!;

    public async ValueTask InitializeAsync() => _world = await BlobNode.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Objects_are_put_got_listed_and_deleted()
    {
        await _world.RunAsync();
        await HoldsAsync("GET", "/notes", 404);
        await HoldsAsync("PUT", "/notes/a", 200, body: "Hello, world");
        await HoldsAsync("PUT", "/notes/..%2F..%2Fb%00", 200, body: "");
        await HoldsAsync("GET", "/notes/a", 200, "Hello, world");
        await HoldsAsync("GET", "/notes/a?7-11", 200, "world");
        await HoldsAsync("GET", "/notes/a?7-99", 200, "world");
        await HoldsAsync("GET", "/notes/a?12-12", 200, "");
        await HoldsAsync("GET", "/notes/a?13-14", 503, "There are no bytes from 13 to 14 in a, which has 12.");
        await HoldsAsync("GET", "/notes/../../b%00", 200, "");
        await HoldsAsync("GET", "/notes/a?size", 200, "12");
        await HoldsAsync("GET", "/notes/none", 404);
        await HoldsAsync("POST", "/notes/a?copy=c", 200);
        await HoldsAsync("POST", "/notes/a?move=d", 200);
        await HoldsAsync("GET", "/notes", 200, "../../b\0\nc\nd\n");
        await HoldsAsync("DELETE", "/notes/c", 200);
        await HoldsAsync("PUT", "/notes/d", 200, body: "again");
        await HoldsAsync("GET", "/notes/d", 200, "again");
        await HoldsAsync("DELETE", "/notes?clear", 200);
        await HoldsAsync("GET", "/notes", 200, "");
        await HoldsAsync("DELETE", "/notes", 200);
        await HoldsAsync("GET", "/notes", 404);
        await _world.FilesAreAsync(0);
    }

    [Fact]
    public async Task More_names_than_a_page_has_are_listed_to_the_end()
    {
        await _world.RunAsync();
        await HoldsAsync("PUT", "/c/n0000", 200, body: "");
        await Parallel.ForAsync(1, 1100, async (i, _) => await HoldsAsync("POST", $"/c/n0000?copy=n{i:0000}", 200));
        await HoldsAsync("GET", "/c", 200, string.Concat(Enumerable.Range(0, 1100).Select(i => $"n{i:0000}\n")));
    }

    [Fact]
    public async Task An_object_that_is_dropped_or_whose_client_leaves_is_none()
    {
        await _world.RunAsync();
        await HoldsAsync("PUT", "/c/a?drop", 200, body: new string('x', 200_000));
        await HoldsAsync("GET", "/c", 200, "");

        var sent = new ByteStream();
        using var left = new CancellationTokenSource();
        var put = _world.Node.SendAsync(BlobNode.Page, "PUT", "/c/b", sent, left.Token);
        for (var i = 0; i < 4; i++)
            await sent.Writer.WriteAsync(Block, TestContext.Current.CancellationToken);
        await _world.FilesAreAsync(1);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => put);
        await _world.FilesAreAsync(0);
        await HoldsAsync("GET", "/c", 200, "");
    }

    [Fact]
    public async Task A_reader_that_began_gets_its_object_to_the_end_although_it_is_replaced()
    {
        await _world.RunAsync();
        await PutAsync("/c/a", 2);
        var (_, body) = await _world.Node.SendAsync(BlobNode.Page, "GET", "/c/a");
        var first = await body!.Reader.ReadAsync(TestContext.Current.CancellationToken);
        body.Reader.AdvanceTo(first.Buffer.Start);
        await HoldsAsync("PUT", "/c/a", 200, body: "new");
        Assert.Equal(2 << 20, (await HttpExchange.ReadToEndAsync(body)).Length);
        await HoldsAsync("GET", "/c/a", 200, "new");
        await _world.FilesAreAsync(1);
    }

    [Fact]
    public async Task Two_workloads_do_not_see_each_other_s_objects_and_a_shared_store_is_both_s()
    {
        await _world.RunAsync([BlobNode.Link(), BlobNode.Link("shared", ("store", "all"), ("containers", "common"))], 1, "shop-a", "shop-b");
        await HoldsAsync("PUT", "/own/x", 200, body: "a's", workload: "shop-a");
        await HoldsAsync("GET", "/own/x", 404, workload: "shop-b");
        await HoldsAsync("PUT", "/common/x", 200, body: "all's", workload: "shop-a");
        await HoldsAsync("GET", "/common/x", 200, "all's", workload: "shop-b");
    }

    [Fact]
    public async Task What_the_provider_refuses_is_told_in_its_words()
    {
        await _world.RunAsync([BlobNode.Link(values: ("access", "read-only"))]);
        var (status, text) = await _world.AskAsync("PUT", "/c/a", "x");
        Assert.Equal(503, status);
        Assert.Contains("read-only", text, StringComparison.Ordinal);

        await _world.RunAsync([BlobNode.Link(values: ("containers", "c"))]);
        (status, text) = await _world.AskAsync("PUT", "/d/a", "x");
        Assert.Equal((503, "No link of shop-page is for the container d."), (status, text));

        await _world.RunAsync([BlobNode.Link() with { Interfaces = ["blobstore", "types"] }, BlobNode.Link("other", ("containers", "d"))]);
        (status, text) = await _world.AskAsync("PUT", "/c/a", "x");
        Assert.Equal((503, "The link default is not for wasi:blobstore/container: add container to its interfaces."), (status, text));
    }

    [Fact]
    public async Task What_is_not_the_component_s_to_mend_is_in_its_log()
    {
        await _world.RunAsync();
        await _world.AskAsync("PUT", "/c/a", "x");
        File.Delete(Assert.Single(_world.Files));

        var (_, text) = await _world.AskAsync("GET", "/c/a");
        Assert.Contains("is missing or cut off", text, StringComparison.Ordinal);
        Assert.Contains(text.Trim(), (await _world.Node.LogsAsync(BlobNode.Page)).Select(line => line.Text));
        await _world.AskAsync("GET", "/c/b");
        Assert.Single(await _world.Node.LogsAsync(BlobNode.Page)); // and nothing else is
    }

    [Fact]
    public async Task A_large_object_passes_both_ways_in_constant_memory() => await PassAsync(64);

    [Fact(Explicit = true)]
    public async Task An_object_of_one_GiB_passes_both_ways_in_constant_memory() => await PassAsync(1024);

    async Task PassAsync(int mebibytes)
    {
        await _world.RunAsync();
        await HoldsAsync("PUT", "/c/small", 200, body: "warm");
        await HoldsAsync("GET", "/c/small", 200, "warm");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = await PutAsync("/c/large", mebibytes) - before;

        var (_, body) = await _world.Node.SendAsync(BlobNode.Page, "GET", "/c/large");
        var length = 0L;
        while (await body!.Reader.ReadAsync() is var read && !(read.IsCompleted && read.Buffer.IsEmpty))
        {
            if ((length >> 24) != ((length + read.Buffer.Length) >> 24))
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            length += read.Buffer.Length;
            body.Reader.AdvanceTo(read.Buffer.End);
        }
        Assert.Equal((long)mebibytes << 20, length);
        Assert.True(most < 8 << 20, $"{most} bytes were held at once");
    }

    /// <summary>The most that was held at any time, in bytes.</summary>
    async Task<long> PutAsync(string path, int mebibytes)
    {
        var (body, most) = (new ByteStream(), 0L);
        var answer = _world.Node.SendAsync(BlobNode.Page, "PUT", path, body);
        for (var i = 0; i < mebibytes * 16; i++)
        {
            await body.Writer.WriteAsync(Block);
            if (i % 256 == 255)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }
        body.Complete();
        Assert.Equal(200, (await answer).Head.Status);
        return most;
    }

    async Task HoldsAsync(string method, string path, int status, string text = "", string? body = null, string workload = BlobNode.Page)
    {
        var said = await _world.AskAsync(method, path, body, workload);
        Assert.Equal((path, status, text), (path, said.Status, said.Text));
    }
}
