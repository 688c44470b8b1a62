using System.Buffers;
using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>A request that the guest makes.</summary>
sealed class OutgoingRequest(Fields headers, HttpHoldings holdings, Func<IBodySink> newBody, CancellationToken stop) : IOutgoingRequest
{
    static readonly SearchValues<char> InPath = SearchValues.Create("!$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\"");

    static readonly SearchValues<char> InAuthority = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_~:[]%!$&'()*+,;=");

    readonly OutgoingMessage _message = new(headers, holdings, newBody, written => new ErrorCode.HttpRequestBodySize(written), stop);
    Method _method = new Method.Get();
    string? _path, _authority;
    Scheme? _scheme;

    /// <inheritdoc cref="OutgoingMessage.Sink"/>
    public IBodySink? Sink => _message.Sink;

    public Fields Fields => _message.Fields;

    public Result<IOutgoingBody, Unit> Body() => _message.TakeBody();

    public Method Method() => _method;

    public Result<Unit, Unit> SetMethod(Method method)
    {
        if (method is Http.Method.Other(var word) && !FieldRules.IsName(word))
            return Result<Unit, Unit>.Fail(default);
        _method = method is Http.Method.Other(var known) ? HttpWords.Method(known) : method;
        return Result<Unit, Unit>.Ok(default);
    }

    public string? PathWithQuery() => _path;

    public Result<Unit, Unit> SetPathWithQuery(string? pathWithQuery)
    {
        if (pathWithQuery is "")
            pathWithQuery = "/"; // an empty path is a path, and written so
        if (pathWithQuery is not null && (pathWithQuery is not (['/', ..] or "*") || pathWithQuery.AsSpan().ContainsAnyExcept(InPath)))
            return Result<Unit, Unit>.Fail(default);
        _path = pathWithQuery;
        return Result<Unit, Unit>.Ok(default);
    }

    public Scheme? Scheme() => _scheme;

    public Result<Unit, Unit> SetScheme(Scheme? scheme)
    {
        if (scheme is Http.Scheme.Other(var word) && !Uri.CheckSchemeName(word))
            return Result<Unit, Unit>.Fail(default);
        _scheme = scheme is Http.Scheme.Other(var known) ? HttpWords.Scheme(known) : scheme;
        return Result<Unit, Unit>.Ok(default);
    }

    public string? Authority() => _authority;

    public Result<Unit, Unit> SetAuthority(string? authority)
    {
        if (authority is not null && (authority.Length is 0 or > 255 || authority.AsSpan().ContainsAnyExcept(InAuthority) || !Uri.TryCreate($"http://{authority}/", UriKind.Absolute, out _)))
            return Result<Unit, Unit>.Fail(default);
        _authority = authority;
        return Result<Unit, Unit>.Ok(default);
    }

    public IFields Headers() => Fields.Share();

    /// <summary>It is on its way.</summary>
    public void Go() => _message.Go();

    /// <summary>Dropped, or on its way.</summary>
    public void Dispose() => _message.Dispose();
}
