using System.Buffers;
using System.Collections.Frozen;

namespace Allotrope.Wasi.Http;

/// <summary>What may stand in a header (RFC 9110, sections 5.1 and 5.5), and which headers are the connection's and not the guest's.</summary>
static class FieldRules
{
    /// <summary>Bytes of all names and values of one set of fields: far beyond what a server takes, and all that a guest can make the host keep in one.</summary>
    public const int MostBytes = 128 * 1024;

    static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    static readonly SearchValues<byte> Control = SearchValues.Create([.. Enumerable.Range(0, 32).Where(code => code != '\t').Select(code => (byte)code), 127]);

    static readonly FrozenSet<string> Forbidden = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "transfer-encoding", "upgrade", "host", "http2-settings");

    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Token);

    public static bool IsValue(ReadOnlySpan<byte> value) => !value.ContainsAny(Control);

    public static bool IsForbidden(string name) => Forbidden.Contains(name);
}
