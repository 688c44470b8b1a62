using System.Net;
using System.Net.Sockets;

namespace Allotrope.EndToEnd;

/// <summary>A folder with a data folder and blueprints of the test's own, and the command line on it.</summary>
sealed class World : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-e2e-");
    readonly List<RunningNode> _nodes = [];

    /// <summary>Where samples/satellite has its remote in this world.</summary>
    public int WeatherPort { get; } = FreePort();

    public string Data => this["data"];

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Runs a command to its end.</summary>
    public Task<Outcome> AllotAsync(params string[] arguments) => Outcome.OfAsync([.. arguments, "--data", Data]);

    /// <summary>Starts a node and waits until it says that it is ready.</summary>
    public Task<RunningNode> UpAsync(params string[] arguments) =>
        UpAsync(all => RunningNode.Start(all, ("WEATHER_PORT", $"{WeatherPort}")), arguments);

    /// <summary>Starts a node in another way than usual.</summary>
    public async Task<RunningNode> UpAsync(Func<IEnumerable<string>, RunningNode> start, params string[] arguments)
    {
        // Any free port where the test does not say
        var ports = new[] { "--artery-port", "--http-port" }.Except(arguments).SelectMany(port => new[] { port, "0" });
        var node = start(["up", .. arguments, "--data", Data, "--json", .. ports]);
        _nodes.Add(node);
        await node.ReadyAsync();
        return node;
    }

    /// <summary>A port that nobody had a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
