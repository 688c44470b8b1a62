using System.Net;
using System.Net.Sockets;

namespace Allotrope.Bench.Arteries.Servers;

/// <summary>The peer: nats-server with its WebSocket listener; who only listens says nothing for the whole run.</summary>
static class NatsServer
{
    public static async Task<ServerProcess> StartAsync(string program, string folder)
    {
        var (port, plain) = (FreePort(), FreePort());
        var configuration = Path.Combine(folder, "nats.conf");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            host: "127.0.0.1"
            port: {{plain}}
            ping_interval: "1h"
            websocket { host: "127.0.0.1", port: {{port}}, no_tls: true }

            """);
        // It speaks of itself on its error stream, with "Server is ready" in the end
        return await ServerProcess.StartAsync(
            "sh", ["-c", $"exec '{program}' -c '{configuration}' 2>&1"], line => line.Contains("Server is ready", StringComparison.Ordinal) ? $"ws://127.0.0.1:{port}" : null);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
