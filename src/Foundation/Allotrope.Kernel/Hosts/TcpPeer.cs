namespace Allotrope.Kernel;

/// <summary>Where connections may go: a host, or all below a domain, at a port. Written as <see cref="Rule"/> says.</summary>
public sealed record TcpPeer
{
    /// <summary>What a peer looks like, for who has written another.</summary>
    public const string Rule = "expected NAME:PORT, such as db.example.org:5432, *.example.org:6379, localhost:5432, 10.0.0.5:5432 or [fd00::5]:5432; an address in four decimal numbers or in brackets";

    readonly HttpHost _host;
    readonly int _port;

    TcpPeer(HttpHost host, int port) => (_host, _port) = (host, port);

    /// <summary>Reads one; null when it is none.</summary>
    public static TcpPeer? TryParse(string text) => HttpHost.TryParse(text) is { Scheme: null, Port: { } port } host ? new(host, port) : null;

    /// <param name="name">A name, or an address as <see cref="Uri.Host"/> writes it.</param>
    /// <param name="port">At it.</param>
    public bool Covers(string name, int port) => _host.Covers("tcp", name, port);

    /// <summary>Whether it has the name, at whatever port.</summary>
    public bool CoversName(string name) => Covers(name, _port);

    /// <summary>The one spelling of those that mean the same.</summary>
    public override string ToString() => _host.ToString();
}
