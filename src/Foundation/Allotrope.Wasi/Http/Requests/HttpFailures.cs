using System.Net.Sockets;
using System.Security.Authentication;

namespace Allotrope.Wasi.Http;

/// <summary>What went wrong with a request, in the words of WASI.</summary>
static class HttpFailures
{
    public static HttpFailure Of(Exception error)
    {
        var causes = Causes(error).ToList();
        return causes.OfType<HttpFailure>().FirstOrDefault() ?? new HttpFailure(CodeOf(causes), error);
    }

    /// <summary>What the resolver said.</summary>
    public static ErrorCode OfLookup(SocketError error) => error switch
    {
        SocketError.TryAgain or SocketError.TimedOut => new ErrorCode.DnsTimeout(),
        SocketError.HostNotFound => new ErrorCode.DnsError(new DnsErrorPayload("NXDOMAIN", null)),
        SocketError.NoRecovery => new ErrorCode.DnsError(new DnsErrorPayload("SERVFAIL", null)),
        _ => new ErrorCode.DnsError(new DnsErrorPayload(null, null)),
    };

    // The innermost cause tells most: a socket's error, then what TLS found, then what the client says of both.
    static ErrorCode CodeOf(List<Exception> causes) =>
        causes.OfType<SocketException>().Select(cause => CodeOf(cause.SocketErrorCode)).FirstOrDefault()
        ?? (causes.OfType<AuthenticationException>().Any() ? new ErrorCode.TlsProtocolError() : null)
        ?? causes.Select(KindOf).Select(CodeOf).FirstOrDefault(code => code is not null)
        ?? (causes[0] is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException
            ? new ErrorCode.ConnectionTerminated()
            : new ErrorCode.InternalError(causes[0].Message));

    static IEnumerable<Exception> Causes(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    static HttpRequestError? KindOf(Exception cause) => cause switch
    {
        HttpRequestException request => request.HttpRequestError,
        HttpIOException body => body.HttpRequestError,
        _ => null,
    };

    static ErrorCode CodeOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => new ErrorCode.ConnectionRefused(),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.AddressFamilyNotSupported => new ErrorCode.DestinationIpUnroutable(),
        SocketError.HostDown => new ErrorCode.DestinationUnavailable(),
        SocketError.TimedOut => new ErrorCode.ConnectionTimeout(),
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => new ErrorCode.ConnectionLimitReached(),
        _ => new ErrorCode.ConnectionTerminated(),
    };

    static ErrorCode? CodeOf(HttpRequestError? error) => error switch
    {
        HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError => new ErrorCode.HttpProtocolError(),
        HttpRequestError.ResponseEnded => new ErrorCode.HttpResponseIncomplete(),
        HttpRequestError.ConfigurationLimitExceeded => new ErrorCode.HttpResponseHeaderSectionSize(null),
        HttpRequestError.SecureConnectionError => new ErrorCode.TlsProtocolError(),
        _ => null,
    };
}
