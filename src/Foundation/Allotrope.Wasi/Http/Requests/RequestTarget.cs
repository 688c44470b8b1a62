using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>Where a guest's request goes, if it can go anywhere.</summary>
static class RequestTarget
{
    const int LongestMethod = 64;

    // The path is sent as the guest wrote it.
    static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static Result<Uri, ErrorCode> Of(OutgoingRequest request, HttpRequestLimits limits)
    {
        var method = HttpWords.Text(request.Method());
        if (method.Length > LongestMethod || method.Equals("CONNECT", StringComparison.OrdinalIgnoreCase))
            return new ErrorCode.HttpRequestMethodInvalid();
        var path = request.PathWithQuery() ?? "/";
        if (path.Length > limits.PathLength)
            return new ErrorCode.HttpRequestUriTooLong();
        if (request.Fields.Bytes > limits.HeaderBytes)
            return new ErrorCode.HttpRequestHeaderSectionSize((uint)request.Fields.Bytes);
        var scheme = request.Scheme() is { } said ? HttpWords.Text(said) : "https";
        // What ends an authority, or is written otherwise, must not stand in it: the host that is asked for is the host that was granted.
        return scheme is "http" or "https" && path[0] == '/' && request.Authority() is { } authority && !authority.Contains('%')
            && Uri.TryCreate($"{scheme}://{authority}{path}", AsWritten, out var uri) && uri is { Host.Length: > 0, UserInfo: "" } && uri.PathAndQuery == path
            ? uri
            : new ErrorCode.HttpRequestUriInvalid();
    }
}
