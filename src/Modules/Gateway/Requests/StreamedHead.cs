using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Allotrope.Gateway;

/// <summary>Turns the heads of requests and answers into what travels between the gateway and a component, and back.</summary>
static class StreamedHead
{
    /// <summary>As many as most clients take; they give up on more.</summary>
    const int MostHeaders = 100;

    public static HttpRequestHead Of(IHttpRequestFeature request)
    {
        var connection = request.Headers.Connection;
        var headers = new List<KeyValuePair<string, string>>(request.Headers.Count);
        foreach (var (name, values) in request.Headers)
            if (!HopByHop.Contains(name, connection))
                foreach (var value in values)
                    headers.Add(new(name, value ?? ""));
        return new(request.Method, request.Scheme, request.Headers.Host.ToString(), RequestEncoder.PathOf(request) + request.QueryString, headers);
    }

    /// <summary>Puts what the component answered into <paramref name="response"/>. It comes from a guest, so what could harm the connection is refused.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when it is no such answer; the headers may be half filled then.</exception>
    public static void Put(HttpResponseHead head, IHttpResponseFeature response)
    {
        if (head.Status is < 200 or > 599)
            throw Invalid("status", $"{head.Status} is no final HTTP status; it must be from 200 to 599.");
        if (head.Headers.Count > MostHeaders)
            throw Invalid("headers", $"The answer has {head.Headers.Count} headers; at most {MostHeaders} are sent.");
        response.StatusCode = head.Status;
        foreach (var (name, value) in head.Headers)
        {
            Check(name, value);
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                PutLength(value, response);
            else if (!HopByHop.Contains(name, default))
                response.Headers.Append(name, value);
        }
    }

    /// <summary>What follows the answer's body, but what must come before it or speaks of the connection.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when it is no such thing.</exception>
    public static void PutTrailers(Headers trailers, IHttpResponseTrailersFeature response)
    {
        if (trailers.Count > MostHeaders)
            throw Invalid("trailers", $"The answer has {trailers.Count} trailers; at most {MostHeaders} are sent.");
        foreach (var (name, value) in trailers)
            Check(name, value);
        foreach (var (name, value) in trailers) // none unless all are good
            if (HopByHop.IsTrailer(name))
                response.Trailers.Append(name, value);
    }

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when a line of headers or trailers could not be read as what it is meant to be.</exception>
    public static void Check(string name, string value)
    {
        if (!HopByHop.IsName(name))
            throw Invalid("header", "The answer has a header whose name is no HTTP token.");
        if (!HopByHop.IsBytes(value))
            throw Invalid($"header {name}", "A value of the answer's header holds a control character, which may not stand in one.");
    }

    /// <summary>The length is the guest's to say, once; Kestrel ends the connection when the body has another.</summary>
    static void PutLength(string value, IHttpResponseFeature response)
    {
        if (!long.TryParse(value, System.Globalization.NumberStyles.None, null, out var length)
            || (response.Headers.ContentLength is { } other && other != length))
            throw Invalid("header content-length", "The answer's content-length is not one whole number.");
        if (response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent))
            response.Headers.ContentLength = length;
    }

    static FaultException Invalid(string where, string message) => new(new Fault.Invalid(where, message));
}
