using System.Globalization;
using System.Net;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Gateway;

/// <summary>
/// Reads the values of a link to the HTTP server: <c>port</c>, <c>host</c>, <c>path</c>, all optional, and what older manifests say instead,
/// <c>address: host:port</c> and <c>PORT</c>. A key it does not know is refused, because a setting that is silently ignored is worse than an error.
/// </summary>
static class LinkValues
{
    /// <summary>Characters of a path prefix; a longer one could not be matched by any request line worth accepting.</summary>
    const int LongestPath = 255;

    /// <exception cref="FaultException">
    /// <see cref="Fault.Invalid"/> for a value that cannot be, <see cref="Fault.Refused"/> beyond loopback without TLS.
    /// </exception>
    public static Route Read(string provider, IncomingLink link, GatewayOptions options)
    {
        var where = $"link {link.Workload} -> {provider}";
        IPAddress? address = null;
        int? port = null;
        string? host = null;
        var path = "/";
        foreach (var (key, value) in link.Values)
        {
            switch (key)
            {
                case "port" or "PORT":
                    port = Agree(port, Port(value, where), where);
                    break;
                case "address":
                    (address, var named) = Address(value, where);
                    port = Agree(port, named, where);
                    break;
                case "host":
                    host = HostName(value, where);
                    break;
                case "path":
                    path = Path(value, where);
                    break;
                default:
                    throw Invalid(where, $"'{key}' is no value of a link to the HTTP server; it knows port, host, path and address.");
            }
        }
        var endPoint = Allowed(new(address ?? options.Address, port ?? options.DefaultPort), where, options);
        return new Route(provider, link.Workload, link.Name, endPoint, host, path, Streams: link.Kind is ComponentKind.Component);
    }

    static IPEndPoint Allowed(IPEndPoint endPoint, string where, GatewayOptions options) =>
        IPAddress.IsLoopback(endPoint.Address) || options.Insecure || options.Certificate is not null
            ? endPoint
            : throw new FaultException(new Fault.Refused(
                $"{where}: listening on {endPoint.Address} reaches beyond this machine and needs TLS; give the node a certificate, " +
                "or start it with --insecure to allow plain HTTP."));

    static int Agree(int? before, int port, string where) => before is null || before == port
        ? port
        : throw Invalid(where, $"The link names two ports, {before} and {port}; keep one.");

    static int Port(string text, string where) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= IPEndPoint.MaxPort
            ? port
            : throw Invalid(where, $"'{Shown(text)}' is no port; write a number from 0 to 65535, 0 for any free port.");

    static (IPAddress Address, int Port) Address(string text, string where)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0)
            throw Invalid(where, $"'{Shown(text)}' is no address; write it as 127.0.0.1:8080.");
        var port = Port(text[(colon + 1)..], where);
        var name = text[..colon];
        if (name == "localhost")
            return (IPAddress.Loopback, port);
        var bracketed = name is ['[', .., ']'];
        return IPAddress.TryParse(bracketed ? name[1..^1] : name, out var address) && bracketed == name.Contains(':')
            ? (address, port)
            : throw Invalid(where, $"'{Shown(name)}' is no IP address to listen on; write it as 127.0.0.1:8080 or [::1]:8080.");
    }

    static string HostName(string text, string where) => Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4
        ? text.ToLowerInvariant()
        : throw Invalid(where, $"'{Shown(text)}' is no host name; write the name that clients ask for, such as shop.example.org, without a port.");

    static string Path(string text, string where)
    {
        if (text is not ['/', ..] || text.Length > LongestPath || text.AsSpan().ContainsAny("?#%\\") || text.Any(char.IsControl))
            throw Invalid(where, $"'{Shown(text)}' is no path prefix; it begins with / and is written without ?, # and percent signs.");
        var path = text is [_, .., '/'] ? text[..^1] : text;
        if (path.Length > 1 && path[1..].Split('/').Any(segment => segment is "" or "." or ".."))
            throw Invalid(where, $"'{Shown(text)}' is no path prefix; its parts must not be empty, '.' or '..'.");
        return path;
    }

    /// <summary>A value from a blueprint as an error shows it: short, and without characters that would move a terminal's cursor.</summary>
    static string Shown(string text) =>
        string.Concat(text.Take(60).Select(character => char.IsControl(character) ? '?' : character)) + (text.Length > 60 ? "..." : "");

    static FaultException Invalid(string where, string message) => new(new Fault.Invalid(where, $"{where}: {message}"));
}
