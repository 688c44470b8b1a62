using System.Net;
using System.Net.Sockets;
using Allotrope.Components;
using Allotrope.Wasi.Names;

namespace Allotrope.Wasi.Sockets;

/// <summary>The sockets that one instance has open: bounded, and closed with it.</summary>
/// <param name="denied">Told what the guest wanted and may not.</param>
sealed class SocketTable(NetworkRules rules, int most, NameLookups lookups, Action<NetworkDenial>? denied, CancellationToken stop) : IDisposable
{
    /// <summary>A guest that asks for more names than this has to ask for the first ones again before it connects.</summary>
    const int MostTold = 256;

    readonly Holdings _held = new(most);
    readonly HashSet<(IPAddress Address, string Name)> _told = [];

    public NetworkRules Rules => rules;

    public CancellationToken Stop => stop;

    public int Open => _held.Count;

    public bool IsFull => _held.IsFull;

    /// <summary>Why there cannot be one more; null when there can.</summary>
    public ErrorCode? Refusal()
    {
        if (most > 0)
            return IsFull ? ErrorCode.NewSocketLimit : null;
        denied?.Invoke(new(null));
        return ErrorCode.AccessDenied;
    }

    public Result<Socket, ErrorCode> New(IpAddressFamily family, SocketType type, ProtocolType protocol)
    {
        if (Refusal() is { } refusal)
            return refusal;
        try
        {
            var socket = new Socket(family == IpAddressFamily.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, type, protocol);
            if (family == IpAddressFamily.Ipv6)
                socket.DualMode = false;
            return socket;
        }
        catch (SocketException e)
        {
            return SocketErrors.ToErrorCode(e.SocketErrorCode);
        }
    }

    public bool MayAsk(string name)
    {
        if (rules.AllowsName(name))
            return true;
        denied?.Invoke(new(name));
        return false;
    }

    public Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancellation) =>
        PublicAddresses.IsLocalhost(name) ? Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.IPv6Loopback]) : lookups.AskAsync(name, cancellation);

    /// <summary>The guest is told an address of a name.</summary>
    public void Tell(string name, IPAddress address)
    {
        if (_told.Count == MostTold)
            _told.Clear();
        _told.Add((address, name));
    }

    public bool MayConnect(IPEndPoint end)
    {
        if (rules.Allows(NetworkUse.Connect, end) || rules.Peers.Any(peer => peer.Covers(Literal(end.Address), end.Port)))
            return true;
        var name = _told.FirstOrDefault(told => told.Address.Equals(end.Address) && rules.Peers.Any(peer => peer.Covers(told.Name, end.Port))).Name;
        if (name is not null && PublicAddresses.AreOpenedBy(name, end.Address))
            return true;
        denied?.Invoke(new($"{end}", name));
        return false;
    }

    public bool MayListen(IPEndPoint end)
    {
        if (rules.Allows(NetworkUse.Listen, end))
            return true;
        denied?.Invoke(new($"{end}") { Use = NetworkUse.Listen });
        return false;
    }

    public void Add(IDisposable socket) => _held.Add(socket);

    public void Remove(IDisposable socket) => _held.Remove(socket);

    public void Dispose() => _held.Dispose();

    /// <summary>An address as it stands in a peer.</summary>
    static string Literal(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
}
