using Allotrope.Bench.Arteries.Peers;
using Allotrope.Bench.Arteries.Servers;

namespace Allotrope.Bench.Arteries;

/// <summary>
/// Measures all peers in turn, round after round, so that whatever else the machine does falls on all: each server in a process of its own, all clients in this
/// one, which is the same for all.
/// </summary>
static class Comparison
{
    public static async Task<int> RunAsync(BenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("allotrope-bench-");
        List<Contest> contests = [];
        try
        {
            foreach (var start in Starters(folder.FullName).Where(pair => options.Only.Count == 0 || options.Only.Contains(pair.Name)).ToList())
                contests.Add(await Contest.OpenAsync(await start.Start()));
            var rounds = contests.ToDictionary(contest => contest.Name, _ => new List<Round>());
            // The first two rounds of each let the runtimes compile the hot paths and are thrown away
            for (var round = -1; round <= options.Rounds; round++)
                foreach (var contest in contests)
                {
                    var figures = await contest.RunAsync(options.Sizes);
                    await Console.Error.WriteLineAsync($"round {round}: {contest.Name} {figures}");
                    if (round > 0)
                        rounds[contest.Name].Add(figures);
                }

            var report = Report.Write(options, rounds);
            await Console.Out.WriteLineAsync(report);
            if (options.Report is null)
                return 0;
            Directory.CreateDirectory(Path.GetDirectoryName(options.Report)!);
            await File.WriteAllTextAsync(options.Report, report);
            return 0;
        }
        finally
        {
            foreach (var contest in contests)
                await contest.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    static IEnumerable<(string Name, Func<Task<IPeer>> Start)> Starters(string folder)
    {
        yield return ("allotrope", async () => new ArteryPeer(await SelfAsync(ArteryServer.Role)));
        yield return ("signalr", async () => new SignalRPeer(await SelfAsync(SignalRServer.Role)));
        yield return ("socketio", async () =>
        {
            var modules = Path.Combine(Repository.Root, "bench", "arteries", "peers");
            if (!Directory.Exists(Path.Combine(modules, "node_modules")))
                throw new BenchException($"Socket.IO is not installed; get it with: npm ci --prefix {modules}");
            return new SocketIoPeer(await ServerProcess.StartAsync(Require("node", "nodejs"), [Path.Combine(modules, "socketio.mjs")], Address));
        }
        );
        yield return ("nats", async () => new NatsPeer(await NatsServer.StartAsync(Require("nats-server", "nats-server"), folder)));
    }

    /// <summary>This program again, in another role.</summary>
    static Task<ServerProcess> SelfAsync(string role)
    {
        var program = Environment.ProcessPath!;
        string[] first = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "Allotrope.Bench.Arteries.dll")] : [];
        return ServerProcess.StartAsync(program, [.. first, role], Address);
    }

    static string? Address(string line) => line.StartsWith("ws", StringComparison.Ordinal) ? line : null;

    static string Require(string program, string package)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new BenchException($"the peer {program} is not installed; get it with: sudo apt-get install -y {package}");
    }
}
