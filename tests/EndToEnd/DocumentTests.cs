using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Allotrope.EndToEnd;

/// <summary>
/// What README.md and the guides tell people to type is typed, and prints what they say it prints. Each <c>sh</c> block of a document runs in
/// order in one shell; a block without a language after it, under the same heading, is what its commands print, with <c>…</c> for what differs each time.
/// </summary>
public partial class DocumentTests
{
    /// <summary>Room for the first build that `./allot` makes.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static TheoryData<string> Documents =>
    [
        "README.md",
        .. new[] { "docs/guide", "docs/explanation", "samples" }.SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task What_a_document_tells_to_type_prints_what_it_says(string document)
    {
        await using var world = new World();
        var port = World.FreePort();
        string Here(string text) => text.Replace(":8080", $":{port}", StringComparison.Ordinal)
            .Replace("127.0.0.1:8200/stall", $"127.0.0.1:{world.WeatherPort}/stall", StringComparison.Ordinal)
            .Replace("/tmp/", world[""] + "/", StringComparison.Ordinal).Replace("/home/you/.local/share", world["share"], StringComparison.Ordinal);

        var blocks = Block().Matches(await File.ReadAllTextAsync(Repository.PathOf(document), TestContext.Current.CancellationToken))
            .Select(match => (Language: match.Groups["language"].Value, Text: Here(match.Groups["text"].Value), Under: match.Groups["heading"].Success)).ToList();
        if (!blocks.Exists(block => block.Language == "sh"))
            return;
        var printed = (await RunAsync(Script(blocks.Where(block => block.Language == "sh").Select(block => block.Text), world, port), world)).Split('\n');

        var said = blocks.Zip(blocks.Skip(1)).Where(pair => pair.First.Language == "sh" && pair.Second is { Language: "", Under: false }).SelectMany(pair => pair.Second.Text.Split('\n'));
        Assert.All(said.Where(line => line.Length > 0), line => Assert.Contains(printed, actual => Like(line).IsMatch(actual)));
    }

    /// <summary>Commands as written, but a node runs in the background, in a data folder and at a port of its own.</summary>
    static string Script(IEnumerable<string> blocks, World world, int port)
    {
        var arteries = World.FreePort();
        var script = new StringBuilder($$"""
            set -euo pipefail
            export XDG_DATA_HOME='{{world["share"]}}'
            export WEATHER_PORT={{world.WeatherPort}} O3_CORE=ws://127.0.0.1:{{arteries}}/artery
            node=
            stop() { [[ -z $node ]] || { kill -TERM $node; wait $node || true; node=; }; }
            trap stop EXIT
            up() {
                stop
                : >'{{world["up.log"]}}' # here, not by the node: whoever looks for its first line should find a file, and no line of an earlier node
                ./allot up --http-port {{port}} --artery-port {{arteries}} "$@" >'{{world["up.log"]}}' 2>&1 & node=$!
                # Ends when the node is ready, or has ended.
                grep -qm1 '^ready' < <(tail -n +1 -f --pid=$node '{{world["up.log"]}}') || { cat '{{world["up.log"]}}'; exit 1; }
                cat '{{world["up.log"]}}'
            }

            """);
        foreach (var block in blocks)
            script.Append(Up().Replace(block, "up")).Append("\necho\n");
        return script.ToString();
    }

    static async Task<string> RunAsync(string script, World world)
    {
        if (script.Contains("--run", StringComparison.Ordinal) || script.Contains("\nnode ", StringComparison.Ordinal))
            _ = Interop.Tools.Node;
        using var bash = Process.Start(new ProcessStartInfo("bash", [world.Write("commands.sh", script)])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Limit);
        try
        {
            await bash.WaitForExitAsync(late.Token);
        }
        finally
        {
            if (!bash.HasExited)
                bash.Kill(entireProcessTree: true);
        }
        Assert.True(bash.ExitCode == 0, $"exit code {bash.ExitCode}\n{await output}\n{await errors}\n{script}");
        return await output;
    }

    static Regex Like(string line) => new("^" + Regex.Escape(line.TrimEnd()).Replace("…", ".*", StringComparison.Ordinal) + @"\s*$", RegexOptions.None, TimeSpan.FromSeconds(1));

    // With the heading that stands between a block and the one before, if any.
    [GeneratedRegex(@"(?<heading>^#[^\n]*\n(?:(?!```)[^\n]*\n)*)?^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\./allot up\b", RegexOptions.Multiline)]
    private static partial Regex Up();
}
