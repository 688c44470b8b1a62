using System.Text.Json;

namespace Allotrope.Bench.Gateway;

/// <summary>
/// Measures the hello actor through a node's gateway against a bare Kestrel endpoint that gives the same answer: both run during the whole
/// comparison, and the rounds alternate, so that whatever else the machine does falls on both.
/// </summary>
static class Comparison
{
    public static async Task<int> RunAsync(BenchOptions options)
    {
        Load.RequireGenerator();
        var data = Directory.CreateTempSubdirectory("allotrope-bench-");
        try
        {
            // Starting may include the node's first build.
            await using var node = await ServerProcess.StartAsync(
                options.Node, ["up", "samples/hello", "--json", "--http-port", "0", "--data", data.FullName], ReadyUrl, TimeSpan.FromMinutes(5));
            var (contentType, body) = await AnswerOfAsync(node.Address);
            await using var bare = await ServerProcess.StartAsync(
                Environment.ProcessPath!, [.. Self, "--bare", contentType, body], line => line.StartsWith("http", StringComparison.Ordinal) ? line : null);

            var report = await MeasureAsync(node.Address, bare.Address, options);
            await Console.Out.WriteLineAsync(report);
            if (options.Report is null)
                return 0;
            Directory.CreateDirectory(Path.GetDirectoryName(options.Report)!);
            await File.WriteAllTextAsync(options.Report, report);
            return 0;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>The first argument of this process when it is run as <c>dotnet program.dll</c>.</summary>
    static IEnumerable<string> Self => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Path.Combine(AppContext.BaseDirectory, "Allotrope.Bench.Gateway.dll")]
        : [];

    static async Task<string> MeasureAsync(Uri node, Uri bare, BenchOptions options)
    {
        var (ofNode, ofBare) = (new List<Load>(), new List<Load>());
        // The first round of each lets the runtime compile the hot paths and is thrown away
        for (var round = 0; round <= options.Rounds; round++)
        {
            var kestrel = await Load.MeasureAsync(bare, options.Connections, options.Seconds);
            var gateway = await Load.MeasureAsync(node, options.Connections, options.Seconds);
            await Console.Error.WriteLineAsync($"round {round}: gateway {gateway.RequestsPerSecond:0}/s, bare Kestrel {kestrel.RequestsPerSecond:0}/s");
            if (round == 0)
                continue;
            ofNode.Add(gateway);
            ofBare.Add(kestrel);
        }
        return Report.Write(options, ofNode, ofBare);
    }

    static string? ReadyUrl(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("event", out var name) && name.ValueEquals("ready") ? json.RootElement.GetProperty("url").GetString() : null;
    }

    static async Task<(string ContentType, string Body)> AnswerOfAsync(Uri address)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(address);
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? (answer.Content.Headers.ContentType?.ToString() ?? "text/plain", body)
            : throw new BenchException($"samples/hello answers {(int)answer.StatusCode} instead of 200: {body}");
    }
}
