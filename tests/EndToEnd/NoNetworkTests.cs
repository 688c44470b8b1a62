using System.ComponentModel;
using System.Diagnostics;

namespace Allotrope.EndToEnd;

/// <summary>A node in a network namespace of its own, whose list of sockets is then the node's and nobody else's.</summary>
public class NoNetworkTests
{
    /// <summary>Of a listening socket in /proc/net/tcp, and 127.0.0.1 there.</summary>
    const string Listening = "0A";
    const string Loopback = "0100007F";

    [Fact]
    public async Task A_node_with_a_zone_starts_without_any_network_and_opens_no_port_beyond_loopback()
    {
        Assert.SkipUnless(CanBeWithout(), "A network namespace takes root, unshare and ip (util-linux, iproute2).");
        await using var world = new World();
        var node = await world.UpAsync(RunningNode.StartWithoutNetwork);
        world.Write("o3_key.txt", "a very secret key\n");
        (await world.AllotAsync("zone", "up", world.Write("compose.yml", """
            name: house
            services:
              lamp: {image: lamp, labels: [o3.dials], secrets: [o3_key]}
              heater: {hostname: heater.elsewhere, labels: [o3.required=false], secrets: [o3_key]}
            secrets:
              o3_key: {file: ./o3_key.txt}
            """))).Ok();
        Assert.Contains("zone house: running", (await world.AllotAsync("zone", "status", "house")).Ok(), StringComparison.Ordinal);

        var listening = (from table in new[] { "tcp", "tcp6" }
                         from line in File.ReadLines($"/proc/{node.ProcessId}/net/{table}").Skip(1)
                         let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                         where fields[3] == Listening
                         select fields[1].Split(':')[0]).ToList();
        Assert.NotEmpty(listening); // the core's port
        Assert.All(listening, address => Assert.Equal(Loopback, address));
    }

    static bool CanBeWithout()
    {
        try
        {
            using var attempt = Process.Start(new ProcessStartInfo("unshare", ["--net", "ip", "link", "set", "lo", "up"]) { UseShellExecute = false, RedirectStandardError = true })!;
            attempt.WaitForExit();
            return attempt.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
