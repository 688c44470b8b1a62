namespace Allotrope.Contracts;

/// <summary>
/// An HTTP request as it goes to a component on <see cref="Subjects.Http"/>, without its body, which follows as the message's stream (none when there
/// can be none). The answer is an <see cref="HttpResponseHead"/> with the body likewise; trailers are the streams' own.
/// </summary>
/// <param name="Method">As the client wrote it.</param>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Authority">Host and port the client asked for.</param>
/// <param name="PathWithQuery">Begins with <c>/</c>; percent signs as the client wrote them.</param>
/// <param name="Headers">
/// In order, a name as often as it has values; without those that speak of the connection. Values are bytes, a character for each (Latin-1).
/// </param>
public sealed record HttpRequestHead(
    string Method, string Scheme, string Authority, string PathWithQuery, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <param name="Status">200 to 599.</param>
/// <param name="Headers">As in <see cref="HttpRequestHead"/>.</param>
public sealed record HttpResponseHead(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers);
