namespace Allotrope.Wasi.Http;

/// <summary>Methods and schemes as WASI has them, and as they are written.</summary>
static class HttpWords
{
    public static Method Method(string word) => word switch
    {
        "GET" => new Method.Get(),
        "HEAD" => new Method.Head(),
        "POST" => new Method.Post(),
        "PUT" => new Method.Put(),
        "DELETE" => new Method.Delete(),
        "CONNECT" => new Method.Connect(),
        "OPTIONS" => new Method.Options(),
        "TRACE" => new Method.Trace(),
        "PATCH" => new Method.Patch(),
        _ => new Method.Other(word),
    };

    public static string Text(Method method) => method switch
    {
        Http.Method.Other(var word) => word,
        _ => method.GetType().Name.ToUpperInvariant(),
    };

    public static Scheme Scheme(string word) => word switch
    {
        "http" => new Scheme.Http(),
        "https" => new Scheme.Https(),
        _ => new Scheme.Other(word),
    };

    public static string Text(Scheme scheme) => scheme switch
    {
        Http.Scheme.Other(var word) => word,
        Http.Scheme.Http => "http",
        _ => "https",
    };
}
