// What components cost: calls of exported functions against `jco transpile` and node in the same run, starts, and HTTP against `jco serve` and bare
// Kestrel. `--quick` only shows that it works; `--write FILE` also writes the page; `--node PROGRAM` runs the node, ./allot unless said. The first
// argument is where jco put its output for guests/components/calls-c, the second is jco.
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Allotrope.Bench;
using Allotrope.Bench.Components;
using Allotrope.Bench.Gateway;

// The peer of the HTTP comparison runs in a process of its own, as the others do
if (args is ["--bare", var contentType, var body])
    return await BareEndpoint.RunAsync(contentType, body);

Load.RequireGenerator();
var quick = args.Contains("--quick");
var page = Value("--write");
var loadBefore = Machine.Load();
var guests = Path.Combine(Repository.Root, "guests", "components");
var callee = Path.Combine(guests, "calls-c", "calls.wasm");

var node = NodeTimes(args[0]);
var text = new StringBuilder("# Components\n\n");
text.AppendLine($"Calls of a component's exported functions and starts of instances, on {Machine.Describe()}");
text.AppendLine("Our calls are typed delegates; node's go through what `jco transpile` made of the same file. Medians of rounds in one run.\n");
text.AppendLine("| call | ours, ns | jco in node, ns | node's time by ours |\n|---|--:|--:|--:|");
using (var calls = new Calls(callee))
{
    foreach (var (name, measures) in Calls.All)
    {
        var ours = calls.Measure(name, quick);
        text.AppendLine(CultureInfo.InvariantCulture, $"| `{name}`: {measures} | {ours:0} | {node[name]:0} | {node[name] / ours:0.0} |");
    }
}
text.AppendLine("\n| start | ms |\n|---|--:|");
text.AppendLine(CultureInfo.InvariantCulture, $"| an instance of a compiled component, its store and its first call | {Starts.Instance(callee, quick):0.000} |");
foreach (var (name, file, _) in Files())
    text.AppendLine(CultureInfo.InvariantCulture, $"| decode, validate and compile {name}, {new FileInfo(file).Length / 1024} KiB | {Starts.Compile(file, quick):0.0} |");
foreach (var (name, file, _) in Files())
    text.AppendLine(CultureInfo.InvariantCulture, $"| the same for {name} from the code cache | {Starts.FromCache(file, quick):0.0} |");

var serving = new Serving(Value("--node") ?? Path.Combine(Repository.Root, "allot"), args[1], quick);
text.AppendLine($"\n## HTTP\n\nThe example components that greet: {serving.Describe()}\n\n| | requests/s | p50 ms | p99 ms | by `jco serve` | by bare Kestrel |\n|---|--:|--:|--:|--:|--:|");
foreach (var (name, file, serves) in Files())
    text.Append(await serving.MeasureAsync(name, file, serves));
text.AppendLine($"\nThe machine's load averages were {loadBefore} before and {Machine.Load()} after, on {Environment.ProcessorCount} cores: more than was measured ran on it.");
Console.Write(text);
if (page is not null)
    await File.WriteAllTextAsync(page, text.ToString());
return 0;

IEnumerable<(string Name, string File, bool Serves)> Files() => new (string, string, bool)[]
{
    ("`hello-c`", Path.Combine(guests, "hello-c", "hello.wasm"), true),
    ("`hello-rust`", Path.Combine(guests, "hello-rust", "hello.wasm"), true),
    ("`hello-javascript`", Path.Combine(Repository.Root, "artifacts", "guests", "hello-javascript.wasm"), false), // answers once
}.Where(each => File.Exists(each.Item2));

string? Value(string option) => Array.IndexOf(args, option) is >= 0 and var at ? args.ElementAtOrDefault(at + 1) : null;

Dictionary<string, double> NodeTimes(string transpiled)
{
    using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "calls.mjs"), transpiled, quick ? "quick" : ""])
    {
        RedirectStandardOutput = true, UseShellExecute = false,
    })!;
    var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    process.WaitForExit();
    return lines.Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
}
