using System.Globalization;
using System.Text;
using System.Text.Json;
using Allotrope.Bench.Gateway;

namespace Allotrope.Bench.Components;

/// <summary>
/// One component that answers HTTP, three ways: through a node's gateway, by <c>jco serve</c>, and a bare Kestrel endpoint that gives the same answer.
/// All run during the whole comparison and their rounds alternate, so that whatever else the machine does falls on each.
/// </summary>
sealed class Serving(string node, string jco, bool quick)
{
    const int Connections = 16;

    const string Path = "hello";

    readonly int _rounds = quick ? 1 : 5;

    readonly int _seconds = quick ? 1 : 4;

    /// <param name="name">What to call it.</param>
    /// <param name="component">Its file.</param>
    /// <param name="serves">Whether an instance of it can answer more than one request.</param>
    /// <returns>The rows of a table.</returns>
    public async Task<string> MeasureAsync(string name, string component, bool serves)
    {
        var folder = Directory.CreateTempSubdirectory("allotrope-bench-");
        try
        {
            // Starting may include the node's first build.
            await using var ours = await StartNodeAsync(folder.CreateSubdirectory("fresh").FullName, Blueprint(component, reuse: false));
            await using var reusing = serves ? await StartNodeAsync(folder.CreateSubdirectory("reuse").FullName, Blueprint(component, reuse: true)) : null;
            if (ours is null)
                return $"| {name} through the gateway | the node does not start it | | | | |\n";
            await using var theirs = await ServerProcess.StartAsync(
                "sh", ["-c", "exec \"$0\" \"$@\" 2>&1", "node", jco, "serve", component, "--port", $"{FreePort()}"], ServeUrl); // it says where it is on standard error
            var (contentType, body) = await AnswerOfAsync(ours.Address);
            if (await AnswerOfAsync(theirs.Address) is var other && other.Body != body)
                throw new BenchException($"{name} answers \"{body}\" through the gateway and \"{other.Body}\" in jco serve");
            await using var bare = await ServerProcess.StartAsync(
                Environment.ProcessPath!, ["--bare", contentType, body], line => line.StartsWith("http", StringComparison.Ordinal) ? line : null);

            (string Name, Uri Address, List<Load> Loads)[] sides =
            [
                ($"{name} in `jco serve`", theirs.Address, []), ("bare Kestrel", bare.Address, []),
                ($"{name} through the gateway, an instance each", ours.Address, []),
                .. reusing is null ? [] : new[] { ($"{name} through the gateway, instances used again", reusing.Address, new List<Load>()) },
            ];
            // The first round of each lets the runtime compile the hot paths and is thrown away
            for (var round = 0; round <= _rounds; round++)
            {
                foreach (var side in sides)
                {
                    var load = await Load.MeasureAsync(side.Address, Connections, _seconds);
                    await Console.Error.WriteLineAsync($"round {round}: {side.Name} {load.RequestsPerSecond:0}/s");
                    if (round > 0)
                        side.Loads.Add(load);
                }
            }

            // Of each round by itself: what disturbs the machine lasts longer than a round
            double Times(List<Load> loads, int peer) => Median(loads.Zip(sides[peer].Loads, (one, another) => one.RequestsPerSecond / another.RequestsPerSecond));
            string Ratio(List<Load> loads) => double.IsFinite(Times(loads, 0)) ? Times(loads, 0).ToString("0.0", CultureInfo.InvariantCulture) : "it stopped answering";
            var text = new StringBuilder();
            foreach (var (place, side) in sides.Index())
                text.AppendLine(Row(side.Name, side.Loads, place < 2 ? "|" : string.Create(CultureInfo.InvariantCulture, $"{Ratio(side.Loads)} | {Times(side.Loads, 1):0.00}")));
            return text.ToString();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public string Describe() =>
        $"wrk with one thread and {Connections} connections on the same machine, medians of {_rounds} alternating rounds of {_seconds} s. `jco serve` answers every request " +
        "with the one instance that it has, as it does unless told otherwise.";

    /// <returns><see langword="null"/> when the node refuses the component.</returns>
    async Task<ServerProcess?> StartNodeAsync(string folder, string blueprint)
    {
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "app.yaml"), blueprint);
        string? refusal = null;
        try
        {
            return await ServerProcess.StartAsync(
                node,
                ["up", folder, "--json", "--http-port", "0", "--data", System.IO.Path.Combine(folder, "data")],
                line =>
                {
                    refusal = line.Contains("\"Refused\"", StringComparison.Ordinal) ? line : null;
                    return ReadyUrl(line);
                },
                TimeSpan.FromMinutes(5));
        }
        catch (BenchException) when (refusal is not null)
        {
            await Console.Error.WriteLineAsync(refusal);
            return null;
        }
    }

    static string Blueprint(string component, bool reuse) => $$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata:
          name: bench
        spec:
          components:
            - name: hello
              type: component
              properties:
                image: {{component}}
                reuse: {{(reuse ? "true" : "false")}}
              traits:
                - type: spreadscaler
                  properties: { instances: {{Connections}} }
            - name: http
              type: capability
              properties:
                image: builtin:httpserver
              traits:
                - type: link
                  properties:
                    target: hello
                    namespace: wasi
                    package: http
                    interfaces: [incoming-handler]
                    source: { config: [ { name: route, properties: { path: /{{Path}} } } ] }
        """;

    static string Row(string name, List<Load> loads, string times) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {Median(loads.Select(load => load.RequestsPerSecond)):0} | {Median(loads.Select(load => load.Median)):0.00} | {Median(loads.Select(load => load.P99)):0.00} | {times} |");

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    static string? ReadyUrl(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("event", out var name) && name.ValueEquals("ready") ? json.RootElement.GetProperty("url").GetString() : null;
    }

    /// <summary><c>Server listening @ localhost:8000...</c></summary>
    static string? ServeUrl(string line) => line.LastIndexOf(':') is > 0 and var colon && line.Contains("listening", StringComparison.Ordinal)
        ? $"http://127.0.0.1:{line[(colon + 1)..].TrimEnd('.')}/{Path}"
        : null;

    static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>The first answer may take until the component is compiled.</summary>
    static async Task<(string ContentType, string Body)> AnswerOfAsync(Uri address)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        using var answer = await client.GetAsync(address);
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? (answer.Content.Headers.ContentType?.ToString() ?? "text/plain", body)
            : throw new BenchException($"{address} answers {(int)answer.StatusCode} instead of 200: {body}");
    }
}
