using System.Text;
using Allotrope.Components;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Io;
using ErrorCode = Allotrope.Wasi.Http.ErrorCode;
using RequestOptions = Allotrope.Wasi.Http.RequestOptions;

namespace Allotrope.Wasi.Tests.Http.Requests;

/// <summary>Makes the calls of a guest that sends requests.</summary>
sealed class Guest : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly CancellationTokenSource _stop = new();
    readonly HttpConnections? _own;
    bool _ended;

    public Guest(params string[] hosts)
        : this(new HttpConnections(HttpHosts.Of(hosts), TimeProvider.System, roots: [Peer.Certificate])) => _own = Connections;

    public Guest(HttpConnections connections)
    {
        Connections = connections;
        Types = new HttpTypes(() => new RequestBody(), () => new RequestBody(), _stop.Token);
        Requests = new HttpRequests(connections, Types.Holdings, Denied.Add, _stop.Token);
    }

    public HttpConnections Connections { get; }

    public HttpTypes Types { get; }

    public HttpRequests Requests { get; }

    /// <summary>Where it wanted to go.</summary>
    public List<HttpDenial> Denied { get; } = [];

    public IOutgoingRequest New(string method, string url, params (string Name, string Value)[] headers) =>
        New(method, url, Types.FieldsFromList([.. headers.Select(header => (header.Name, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(header.Value)))]).Value);

    public IOutgoingRequest New(string method, string url, IFields fields)
    {
        var request = Types.NewOutgoingRequest(fields);
        var (scheme, rest) = url.Split("://") is [var before, var after] ? (before, after) : throw new ArgumentException(url, nameof(url));
        var path = rest.IndexOf('/', StringComparison.Ordinal);
        Assert.True(request.SetMethod(method switch
        {
            "GET" => new Method.Get(),
            "HEAD" => new Method.Head(),
            "POST" => new Method.Post(),
            "PUT" => new Method.Put(),
            "CONNECT" => new Method.Connect(),
            _ => new Method.Other(method),
        }).IsOk);
        Assert.True(request.SetScheme(scheme == "http" ? new Scheme.Http() : new Scheme.Https()).IsOk);
        Assert.True(request.SetAuthority(path < 0 ? rest : rest[..path]).IsOk);
        Assert.True(request.SetPathWithQuery(path < 0 ? null : rest[path..]).IsOk);
        return request;
    }

    public Result<IFutureIncomingResponse, ErrorCode> Handle(IOutgoingRequest request, Action<RequestOptions>? set = null)
    {
        var options = set is null ? null : new RequestOptions();
        set?.Invoke(options!);
        return Requests.Handle(request, options);
    }

    public static async Task<Result<IIncomingResponse, ErrorCode>> ResultAsync(IFutureIncomingResponse future)
    {
        await future.Subscribe().Block().AsTask().WaitAsync(Patience);
        return future.Get()!.Value.Value;
    }

    /// <summary>Sends what has no body, or one that is finished, and waits for the response.</summary>
    public async Task<IIncomingResponse> AnswerAsync(IOutgoingRequest request, Action<RequestOptions>? set = null)
    {
        var handled = Handle(request, set);
        Assert.True(handled.IsOk, $"{(handled.IsOk ? null : handled.Error)}");
        var result = await ResultAsync(handled.Value);
        return result.IsOk ? result.Value : throw new HttpFailure(result.Error);
    }

    /// <summary>Why there is no response.</summary>
    public async Task<ErrorCode> ErrorAsync(IOutgoingRequest request, Action<RequestOptions>? set = null)
    {
        var handled = Handle(request, set);
        if (!handled.IsOk)
            return handled.Error;
        var result = await ResultAsync(handled.Value);
        Assert.False(result.IsOk);
        return result.Error;
    }

    /// <summary>Takes the body of a request and finishes it at once.</summary>
    public IOutgoingRequest Finished(IOutgoingRequest request)
    {
        Assert.True(Types.OutgoingBodyFinish(request.Body().Value, null).IsOk);
        return request;
    }

    public static async Task WriteAsync(IOutputStream stream, ReadOnlyMemory<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(4096, bytes.Length)..])
            Assert.True((await stream.BlockingWriteAndFlush(bytes[..Math.Min(4096, bytes.Length)]).AsTask().WaitAsync(Patience)).IsOk);
    }

    /// <summary>Reads a body to its end; an error of the stream is thrown.</summary>
    public async Task<string> ReadAsync(IIncomingBody body)
    {
        using var stream = body.Stream().Value;
        var text = new StringBuilder();
        while (true)
        {
            var read = await stream.BlockingRead(64 * 1024).AsTask().WaitAsync(Patience);
            if (read.IsOk)
                text.Append(Encoding.Latin1.GetString(read.Value.Span));
            else if (read.Error is StreamError.LastOperationFailed(var error))
                throw new HttpFailure(Types.HttpErrorCode(error) ?? throw new InvalidOperationException(error.ToDebugString()));
            else
                return text.ToString();
        }
    }

    public async Task<string> TextAsync(IIncomingResponse response)
    {
        using var body = response.Consume().Value;
        return await ReadAsync(body);
    }

    public static async Task<IFields?> TrailersAsync(IFutureTrailers future)
    {
        await future.Subscribe().Block().AsTask().WaitAsync(Patience);
        return future.Get()!.Value.Value.Value;
    }

    public static string? Header(IFields fields, string name) => fields.Get(name) is [var first, ..] ? Encoding.UTF8.GetString(first.Span) : null;

    /// <summary>Ends as an instance does.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        _stop.Cancel();
        _stop.Dispose();
        _own?.Dispose();
    }
}
