using System.IO.Pipelines;
using System.Text;
using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests;

/// <summary>Requests to components as the gateway makes them.</summary>
static class HttpExchange
{
    public static byte[] Guest(string path)
    {
        using var resource = typeof(HttpExchange).Assembly.GetManifestResourceStream($"components/{path}")!;
        using var memory = new MemoryStream();
        resource.CopyTo(memory);
        return memory.ToArray();
    }

    public static Task<WorkloadStatus> RunComponentAsync(
        this ActorNode node, string workload, byte[] component, int instances = 1, IReadOnlyList<BoundLink>? links = null, ComponentLimits? limits = null) =>
        node.RunAsync(workload, component, instances, links, limits, kind: ComponentKind.Component);

    public static async Task<(HttpResponseHead Head, ByteStream? Body)> SendAsync(
        this ActorNode node, string workload, string method, string path, ByteStream? body = null, CancellationToken cancellation = default,
        params KeyValuePair<string, string>[] headers)
    {
        var reply = await node.Lattice.RequestAsync(
            new Message(Subjects.Http(workload), Payload.Of(new HttpRequestHead(method, "http", "example.org", path, headers), ContractsJson.Default.HttpRequestHead))
            {
                Body = body,
            }, Timeout.InfiniteTimeSpan, cancellation).AsTask().WaitAsync(ActorNode.Patience, CancellationToken.None);
        return (reply.Payload.As(ContractsJson.Default.HttpResponseHead), reply.Body);
    }

    public static async Task<(int Status, string Text)> GetAsync(this ActorNode node, string workload, string path)
    {
        var (head, body) = await node.SendAsync(workload, "GET", path);
        return (head.Status, body is null ? "" : Encoding.UTF8.GetString(await ReadToEndAsync(body)));
    }

    /// <summary>Awaits a line with this text.</summary>
    public static async Task LogHasAsync(this ActorNode node, string workload, string text)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (await node.LogsAsync(workload) is var lines && !lines.Any(line => line.Text.Contains(text, StringComparison.Ordinal)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < ActorNode.Patience, $"the log never said: {text}\nbut: {string.Join('\n', lines.Select(line => line.Text))}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static async Task<byte[]> ReadToEndAsync(ByteStream body)
    {
        using var memory = new MemoryStream();
        await body.Reader.CopyToAsync(memory).WaitAsync(ActorNode.Patience);
        body.Abandon();
        return memory.ToArray();
    }

    public static ByteStream Body(params byte[] bytes)
    {
        var stream = new ByteStream();
        _ = WriteAsync();
        return stream;

        async Task WriteAsync()
        {
            await stream.Writer.WriteAsync(bytes);
            stream.Complete();
        }
    }
}
