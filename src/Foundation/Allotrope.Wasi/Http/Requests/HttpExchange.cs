using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

namespace Allotrope.Wasi.Http;

/// <summary>
/// A guest's request and what comes back: begun at once, over when the body has been read, the guest has dropped it, or the instance is at its end.
/// <code>
///   connect ──► write the body ──► wait for the head ──► read the body          each bounded by what the guest says, with a name
///   └ connection- └ connection-     └ HTTP-response-      └ connection-           of its own if it takes longer; the guest's own
///     timeout       write-timeout     timeout               read-timeout          time does not count
/// </code>
/// </summary>
[SuppressMessage("Reliability", "CA2213", Justification = "the token source of the end holds nothing, and others may look at it at any time")]
sealed class HttpExchange : IDisposable
{
    /// <summary>By which a connection finds the exchange that it is made for.</summary>
    public static readonly HttpRequestOptionsKey<HttpExchange> Key = new("exchange");

    readonly HttpRequestMessage _message;
    readonly RequestBody? _body;
    readonly ulong? _length;
    readonly List<KeyValuePair<string, string>> _contentFields = []; // those that the client keeps with the body
    readonly HttpWaits _waits;
    readonly HttpWatch _sending, _reading;
    readonly CancellationTokenSource _end;
    readonly Action _ended;
    CancellationTokenRegistration _stopped;
    HttpResponseMessage? _response;
    volatile bool _answered, _waitsForGuest;
    int _disposed;

    /// <param name="request">Not looked at any more afterwards, but for its body.</param>
    /// <param name="target">Allowed.</param>
    /// <param name="waits">How long it may take.</param>
    /// <param name="time">By which clock.</param>
    /// <param name="ended">Called once, by any thread.</param>
    public HttpExchange(OutgoingRequest request, Uri target, HttpWaits waits, TimeProvider time, Action ended)
    {
        (_body, _length, _waits, _ended) = (request.Sink as RequestBody, request.Fields.ContentLength, waits, ended);
        (_sending, _reading) = (new HttpWatch(time), new HttpWatch(time));
        _end = CancellationTokenSource.CreateLinkedTokenSource(_sending.Token, _reading.Token);
        Over = _end.Token;
        _message = new HttpRequestMessage(new HttpMethod(HttpWords.Text(request.Method())), target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        _message.Options.Set(Key, this);
        foreach (var (name, value) in request.Fields.Texts())
            if (!name.Equals("content-length", StringComparison.OrdinalIgnoreCase) && !_message.Headers.TryAddWithoutValidation(name, value))
                _contentFields.Add(new(name, value));
    }

    /// <summary>Told of an address that the host's name stands for and that was not granted.</summary>
    public Action<IPAddress>? Prohibited { get; init; }

    /// <summary>Cancelled when something took too long, or nobody wants anything of it any more.</summary>
    public CancellationToken Over { get; }

    /// <summary>The response's head; an <see cref="HttpFailure"/> says why there is none.</summary>
    public Task<HttpResponseMessage> Response { get; private set; } = Task.FromException<HttpResponseMessage>(new InvalidOperationException("not begun"));

    /// <summary>What follows the body, once that has been read.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Trailers => _response is null ? [] : [.. Pairs(_response.TrailingHeaders)];

    public void Begin(HttpMessageInvoker client, CancellationToken stop)
    {
        Response = SendAsync(client);
        _stopped = stop.UnsafeRegister(static exchange => ((HttpExchange)exchange!).Dispose(), this);
    }

    /// <summary>The guest waits for the response: it will not begin a body any more that nobody sends without one.</summary>
    public void Awaited()
    {
        _body?.Awaited();
        if (_waitsForGuest) // which does not write while it waits: either the peer answers before the body is whole, or nobody ever does
            _sending.Begin(_waits.FirstByte, new ErrorCode.HttpResponseTimeout());
    }

    /// <summary>The guest goes on, and may write on.</summary>
    public void AwaitedNoMore()
    {
        if (_waitsForGuest)
            _sending.End();
    }

    public void WaitForConnection()
    {
        _sending.Begin(_waits.Connect, new ErrorCode.ConnectionTimeout());
        if (_answered) // over another connection, which was free first
            _sending.End();
    }

    public void WaitForGuest()
    {
        _sending.End();
        _waitsForGuest = true;
    }

    public void WaitForWrite()
    {
        _waitsForGuest = false;
        _sending.Begin(_waits.FirstByte, new ErrorCode.ConnectionWriteTimeout());
    }

    public void WaitForAnswer()
    {
        _waitsForGuest = false;
        _sending.Begin(_waits.FirstByte, new ErrorCode.HttpResponseTimeout());
        if (_answered) // HTTP/2 answers when it likes
            _sending.End();
    }

    /// <summary>Reads on in the response's body.</summary>
    /// <exception cref="HttpFailure">It broke off, or took too long.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        try
        {
            _reading.Begin(_waits.BetweenBytes, new ErrorCode.ConnectionReadTimeout());
            var content = await _response!.Content.ReadAsStreamAsync(Over);
            return await content.ReadAsync(buffer, Over);
        }
        catch (Exception error)
        {
            throw Failure(error);
        }
        finally
        {
            _reading.End();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _end.Cancel();
        _body?.Abandon();
        _response?.Dispose();
        _message.Dispose();
        _sending.Dispose();
        _reading.Dispose();
        _stopped.Unregister();
        _ended();
    }

    /// <summary>Fields as they came, whatever they mean.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(HttpHeaders headers) =>
        headers.NonValidated.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value)));

    async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker client)
    {
        try
        {
            _message.Content = await ContentAsync();
            WaitForAnswer();
            var response = _response = await client.SendAsync(_message, Over);
            _answered = true;
            _sending.End();
            if (_end.IsCancellationRequested)
                response.Dispose();
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
                return response;
            response.Dispose(); // nobody asked for it
            throw new HttpFailure(new ErrorCode.HttpProtocolError());
        }
        catch (Exception error)
        {
            _body?.Abandon();
            throw Failure(error);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "the message disposes of its content")]
    async ValueTask<HttpContent?> ContentAsync()
    {
        HttpContent? content = _body is not null && await HasBodyAsync(_body) ? new RequestContent(_body, _length, this)
            : _contentFields is [] ? null
            : new ByteArrayContent([]);
        if (content is null or ByteArrayContent)
            _body?.Abandon();
        foreach (var (name, value) in _contentFields)
            content?.Headers.TryAddWithoutValidation(name, value);
        return content;
    }

    /// <summary>Programs take the body of a request that has none, to end it at once; many servers refuse a GET with a body, be it empty.</summary>
    ValueTask<bool> HasBodyAsync(RequestBody body) => _length is > 0 ? new(true)
        : body.HasAnyAsync(wait: _message.Method.Method is "GET" or "HEAD" or "DELETE" or "OPTIONS" or "TRACE", Over);

    HttpFailure Failure(Exception error) => (_sending.Late ?? _reading.Late) is { } late ? new HttpFailure(late, error) : HttpFailures.Of(error);
}
