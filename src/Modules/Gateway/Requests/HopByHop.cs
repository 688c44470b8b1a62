using System.Buffers;
using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace Allotrope.Gateway;

/// <summary>
/// Headers that speak of one connection and not of the message, which a gateway must not pass on (RFC 9110, section 7.6.1), and what may
/// stand in a header at all (section 5).
/// </summary>
static class HopByHop
{
    static readonly FrozenSet<string> Names = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade");

    /// <summary>By which a message is framed, routed or read: behind the body they could make of it what it is not (RFC 9110, section 6.5.1).</summary>
    static readonly FrozenSet<string> Before = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Content-Length", "Content-Encoding", "Content-Type", "Content-Range", "Host", "Authorization", "Set-Cookie", "Cache-Control", "Location");

    static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <param name="connection">
    /// The message's <c>Connection</c> header, whose values name further ones. (Kestrel shows no others beside <c>close</c>.)
    /// </param>
    public static bool Contains(string name, StringValues connection) =>
        Names.Contains(name) || (connection.Count > 0 && IsNamedIn(connection, name));

    /// <summary>Whether a field may follow a body.</summary>
    public static bool IsTrailer(string name) => !Names.Contains(name) && !Before.Contains(name);

    public static bool IsName(ReadOnlySpan<char> name) => name.Length > 0 && !name.ContainsAnyExcept(TokenCharacters);

    /// <summary>Visible ASCII, spaces and tabs: nothing that could end a header line and begin one of its own.</summary>
    public static bool IsValue(ReadOnlySpan<char> value)
    {
        foreach (var character in value)
            if (character is not (>= ' ' and <= '~' or '\t'))
                return false;
        return true;
    }

    /// <summary>The same, and bytes beyond ASCII, a character each (RFC 9110's obs-text): what they mean is between those who send and read them.</summary>
    public static bool IsBytes(ReadOnlySpan<char> value)
    {
        foreach (var character in value)
            if (character is not (>= ' ' and <= '~' or '\t' or >= '\u0080' and <= '\u00ff'))
                return false;
        return true;
    }

    static bool IsNamedIn(StringValues connection, string name)
    {
        foreach (var value in connection)
        {
            foreach (var part in value.AsSpan().Split(','))
                if (value.AsSpan()[part].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                    return true;
        }
        return false;
    }
}
