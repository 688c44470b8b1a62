using System.Globalization;

namespace Allotrope.Kernel;

/// <summary>
/// Hosts that HTTP requests may be sent to: one, all below a domain, or all. Written as <see cref="Rule"/> says; <see cref="ToString"/> gives the one spelling
/// of those that mean the same.
/// </summary>
public sealed record HttpHost
{
    /// <summary>What a host looks like, for who has written another.</summary>
    public const string Rule = "expected [http:// or https://]NAME[:PORT], such as api.example.org, *.example.org:8443, localhost:9000, http://10.0.0.5 or [fd00::5]:9000; an address in four decimal numbers or in brackets";

    const string Any = "*";

    HttpHost(string? scheme, string name, int? port) => (Scheme, Name, Port) = (scheme, name, port);

    /// <summary><c>http</c> or <c>https</c>; null for both.</summary>
    public string? Scheme { get; }

    /// <summary>In lower case, an address as <see cref="Uri.Host"/> writes it; <c>*.example.org</c> for all below a domain, <c>*</c> for all names.</summary>
    public string Name { get; }

    /// <summary>Null for the scheme's own.</summary>
    public int? Port { get; }

    /// <summary>Reads one; null when it is none.</summary>
    public static HttpHost? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (scheme, rest) = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end ? (text[..end], text[(end + 3)..]) : (null, text);
        if (scheme is not (null or "http" or "https") || text.Length > 300)
            return null;
        var (name, port) = (rest, (int?)null);
        if (rest.LastIndexOf(':') is >= 0 and var colon && colon > rest.LastIndexOf(']'))
        {
            if (!ushort.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                return null;
            (name, port) = (rest[..colon], number);
        }

        return (name == Any ? Any : CanonicalName(name)) is { } canonical ? new(scheme, canonical, port) : null;
    }

    /// <summary>Whether a request to a host may go out by this.</summary>
    /// <param name="scheme"><c>http</c> or <c>https</c>.</param>
    /// <param name="host">As <see cref="Uri.Host"/> has it. A name for all never stands for an address, nor for <c>localhost</c>.</param>
    /// <param name="port">The one that is asked for, or the scheme's.</param>
    public bool Covers(string scheme, string host, int port)
    {
        ArgumentNullException.ThrowIfNull(host);
        return (Scheme is null || Scheme == scheme)
            && port == (Port ?? (scheme == "https" ? 443 : 80))
            && (Name.StartsWith('*') ? IsName(host) && host.EndsWith(Name[1..], StringComparison.OrdinalIgnoreCase) : host.Equals(Name, StringComparison.OrdinalIgnoreCase));
    }

    public override string ToString() => $"{(Scheme is null ? "" : $"{Scheme}://")}{Name}{(Port is null ? "" : string.Create(CultureInfo.InvariantCulture, $":{Port}"))}";

    static string? CanonicalName(string name)
    {
        var below = name.StartsWith("*.", StringComparison.Ordinal);
        var bare = below ? name[2..] : name;
        if (!IsHost(bare) || (below && !IsName(bare)))
            return null;
        // As Uri writes it, which knows addresses in other figures too (12 is 0.0.0.12): what ends in a number is an address as everybody writes it, or a mistake.
        return Uri.TryCreate($"http://{bare}/", UriKind.Absolute, out var uri) && IsHost(uri.Host)
            && (uri.HostNameType == UriHostNameType.IPv4 ? uri.Host == bare : !EndsInNumber(bare))
            && (!below || IsName(uri.Host)) ? $"{(below ? "*." : "")}{uri.Host}" : null;
    }

    static bool EndsInNumber(string host)
    {
        var last = host.TrimEnd('.').Split('.')[^1];
        return last.Length > 0 && (last.All(char.IsAsciiDigit)
            || (last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && last[2..].All(char.IsAsciiHexDigit)));
    }

    static bool IsHost(string text) =>
        text.Length > 0 && !text.Contains('%') && (text[0] == '[' ? Uri.CheckHostName(text) is UriHostNameType.IPv6 : Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4);

    static bool IsName(string host) => Uri.CheckHostName(host) is UriHostNameType.Dns && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
