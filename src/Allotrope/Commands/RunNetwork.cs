using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Allotrope.Kernel;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Sockets;

namespace Allotrope.Commands;

/// <summary>What <c>allot run</c> grants a guest of the network: what the options name. Keeps what else it wanted, for when it failed for want of that.</summary>
sealed class RunNetwork(ParseResult parsed)
{
    /// <summary>A guest may try a thousand addresses; the first ones tell as much.</summary>
    const int MostTold = 8;

    static readonly Option<string[]> AllowedHosts = new("--allow-host")
    {
        Description = "A host that the guest may send HTTP requests to; others are denied",
        HelpName = "[SCHEME://]NAME[:PORT]",
    };

    static readonly Option<string[]> Connect = new("--connect")
    {
        Description = "A peer that the guest may connect to by TCP; others are denied",
        HelpName = "NAME:PORT",
    };

    static readonly Option<string[]> Listen = new("--listen")
    {
        Description = "An address of this machine that the guest may listen at by TCP; port 0 is one that the system chooses",
        HelpName = "ADDRESS:PORT",
    };

    static readonly Option<bool> Insecure = new("--insecure") { Description = "Let it listen at addresses that others can reach, not those of loopback alone" };

    readonly Lock _gate = new();
    readonly OrderedDictionary<string, string> _denied = [];

    public static IReadOnlyList<Option> Options => [AllowedHosts, Connect, Listen, Insecure];

    public HttpHosts Hosts { get; } = new((parsed.GetValue(AllowedHosts) ?? []).Select(text => HttpHost.TryParse(text) ?? throw Refuse(AllowedHosts, text, "host", HttpHost.Rule)));

    public NetworkRules Rules { get; } = new()
    {
        Peers = [.. (parsed.GetValue(Connect) ?? []).Select(text => TcpPeer.TryParse(text) ?? throw Refuse(Connect, text, "peer", TcpPeer.Rule))],
        Rules = [.. (parsed.GetValue(Listen) ?? []).Select(text => Listening(text, parsed.GetValue(Insecure)))],
    };

    /// <summary>The guest wanted to connect or listen where it may not, or the addresses of a name. Any thread may say so.</summary>
    public void Deny(NetworkDenial denial)
    {
        if (denial is { Use: NetworkUse.Listen, Target: { } address })
            Deny($"listening at {address}", Listen, address);
        else if (denial.Target is { } target)
            Deny(denial.Name is { } name ? $"{target}, which {name} stands for" : target, Connect, target.Contains(':', StringComparison.Ordinal) ? target : $"{target}:PORT");
    }

    /// <inheritdoc cref="Deny(NetworkDenial)"/>
    public void Deny(HttpDenial denial) =>
        Deny(denial.Address is { } address ? $"{denial.Where} at {address}, which is no address of the Internet" : denial.Where, AllowedHosts, denial.Missing);

    /// <summary>Says what the guest was denied and what would grant it.</summary>
    public void Tell(Output output)
    {
        lock (_gate)
            foreach (var (what, grant) in _denied)
                output.Warn($"the guest was denied {what}; {grant} grants it");
    }

    void Deny(string what, Option option, string value)
    {
        lock (_gate)
            if (_denied.Count < MostTold)
                _denied.TryAdd(what, $"{option.Name} {value}");
    }

    static NetworkRule Listening(string text, bool isInsecure)
    {
        // The port is said: one that is left out would be any.
        if (text.LastIndexOf(':') <= text.LastIndexOf(']') || !IPEndPoint.TryParse(text, out var end) || (end.AddressFamily == AddressFamily.InterNetworkV6 && text[0] != '['))
            throw Refuse(Listen, text, "address", "expected ADDRESS:PORT, such as 127.0.0.1:9000, [::1]:9000 or 127.0.0.1:0");
        if (!isInsecure && !IPAddress.IsLoopback(end.Address))
        {
            throw new FaultException(new Fault.Refused(
                $"--listen {text} can be reached by others than this machine; use 127.0.0.1 or [::1], or add --insecure if that is meant."));
        }

        var network = new IPNetwork(end.Address, end.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);
        return new NetworkRule(NetworkUse.Listen, network, (ushort)end.Port, (ushort)end.Port);
    }

    static FaultException Refuse(Option option, string text, string noun, string rule) => new(new Fault.Invalid(option.Name, $"{option.Name} {text} is no {noun}: {rule}."));
}
