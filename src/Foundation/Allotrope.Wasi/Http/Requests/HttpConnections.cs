using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Allotrope.Wasi.Names;

namespace Allotrope.Wasi.Http;

/// <summary>
/// The connections over which the requests of some guests go, and what they may reach. They are nobody else's, since whom one has connected to depends on what
/// one was granted.
/// </summary>
public sealed class HttpConnections : IDisposable
{
    readonly Lazy<HttpMessageInvoker> _client;
    int _open;

    /// <param name="hosts">Where they may go.</param>
    /// <param name="time">For what guests wait.</param>
    /// <param name="limits">What they may cost.</param>
    /// <param name="roots">Whose certificates are good; null for those that the system trusts.</param>
    public HttpConnections(HttpHosts hosts, TimeProvider time, HttpRequestLimits? limits = null, X509Certificate2Collection? roots = null)
    {
        (Hosts, Time, Limits) = (hosts, time, limits ?? new());
        _client = new(() => Create(roots));
    }

    /// <summary>Whom to ask for the addresses of names.</summary>
    public NameLookups Names { get; init; } = new();

    public HttpHosts Hosts { get; }

    public HttpRequestLimits Limits { get; }

    /// <summary>Open now, idle ones included.</summary>
    public int Open => Volatile.Read(ref _open);

    internal TimeProvider Time { get; }

    internal HttpMessageInvoker Client => _client.Value;

    /// <summary>Closes all, and ends the requests that are under way.</summary>
    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    /// <summary>
    /// A client without anything of its own: no cookies, proxies, credentials, redirects, decompression or traces, since a guest sees what the peer says and goes
    /// nowhere that it was not granted.
    /// </summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "the invoker disposes of its handler")]
    HttpMessageInvoker Create(X509Certificate2Collection? roots)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = Limits.ReceiveBytes,
            MaxResponseHeadersLength = Math.Max(1, Limits.HeaderBytes / 1024),
            MaxResponseDrainSize = 0, // a guest that wants no more gets no more
            ConnectTimeout = Limits.LongestWait,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // names are asked for again, and their addresses looked at
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1, // bytes as they are, as Fields has them
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectCallback = ConnectAsync,
            PlaintextStreamFilter = ConnectedAsync,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = Check;
        handler.SslOptions.AllowTlsResume = false; // tickets are the whole process's, and would tell a peer which guests of it are of one node
        if (roots is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return new HttpMessageInvoker(handler);
    }

    static bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? true : throw new HttpFailure(new ErrorCode.TlsCertificateError());

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var request = context.InitialRequestMessage;
        if (!request.Options.TryGetValue(HttpExchange.Key, out var exchange))
            throw new InvalidOperationException("a request of nobody's");
        exchange.WaitForConnection();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, exchange.Over);
        var addresses = await AddressesAsync(exchange, request.RequestUri!, either.Token);
        SocketException? first = null;
        foreach (var address in addresses)
        {
            if (Interlocked.Increment(ref _open) > Limits.Connections)
            {
                Interlocked.Decrement(ref _open);
                throw new HttpFailure(new ErrorCode.ConnectionLimitReached());
            }

            try
            {
                return await ConnectedStream.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), () => Interlocked.Decrement(ref _open), either.Token);
            }
            catch (SocketException error)
            {
                first ??= error;
            }
        }

        throw first!;
    }

    /// <summary>The addresses of a host that may be connected to; looked at here, right before, so that nobody can exchange them in between.</summary>
    async ValueTask<IReadOnlyList<IPAddress>> AddressesAsync(HttpExchange exchange, Uri target, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(target.Host, out var literal))
            return [literal];
        if (PublicAddresses.IsLocalhost(target.Host))
            return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        try
        {
            var known = await Names.AskAsync(target.IdnHost, cancellation);
            IPAddress[] allowed = [.. known.Where(address => Hosts.AllowAt(target, address))];
            if (allowed.Length > 0)
                return allowed;
            if (known.Length == 0)
                throw new HttpFailure(new ErrorCode.DnsError(new DnsErrorPayload(null, null)));
            exchange.Prohibited?.Invoke(known[0].IsIPv4MappedToIPv6 ? known[0].MapToIPv4() : known[0]);
            throw new HttpFailure(new ErrorCode.DestinationIpProhibited());
        }
        catch (SocketException error)
        {
            throw new HttpFailure(HttpFailures.OfLookup(error.SocketErrorCode), error);
        }
    }

    /// <summary>The handshake of TLS is over, if there is one.</summary>
    static ValueTask<Stream> ConnectedAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellation)
    {
        if (context.InitialRequestMessage.Options.TryGetValue(HttpExchange.Key, out var exchange))
            exchange.WaitForAnswer();
        return new(context.PlaintextStream);
    }
}
