using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Differential;

/// <summary>
/// V8 in a node process that runs one module after the other. <c>ALLOT_FUZZ_NODE</c> names another node than the one on the path: version 24 knows all
/// of WebAssembly 3.0, as <c>npm install node@24</c> gives it.
/// </summary>
sealed class Oracle : IDisposable
{
    const string NodeVariable = "ALLOT_FUZZ_NODE";

    /// <summary>From this version on node takes the flag that switches the final form of exceptions on.</summary>
    const int KnowsExceptionsByFlag = 22;

    readonly Process _node;

    Oracle(string name, Process node)
    {
        _node = node;
        Name = $"node {name}";
        Features = Probes().Where(probe => Ask(new JsonObject { ["probe"] = Convert.ToBase64String(probe.Module.Build()) }).GetValue<bool>())
            .Aggregate(Features.None, (all, probe) => all | probe.Feature);
    }

    public string Name { get; }

    public Features Features { get; }

    /// <summary>Null when there is no node.</summary>
    public static Oracle? Start()
    {
        try
        {
            using var asked = Launch("--version");
            var version = asked.StandardOutput.ReadToEnd().Trim().TrimStart('v');
            // The baseline compiler alone: it is quick, and seldom wrong.
            string[] flags = ["--liftoff", "--no-wasm-tier-up", .. int.Parse(version.Split('.')[0]) >= KnowsExceptionsByFlag ? (string[])["--experimental-wasm-exnref"] : []];
            return new(version, Launch([.. flags, Path.Combine(AppContext.BaseDirectory, "Differential", "oracle.mjs")]));
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What the module does there.</summary>
    public List<string> Run(GeneratedModule module) => [.. Ask(new JsonObject
    {
        ["module"] = Convert.ToBase64String(module.Binary),
        ["calls"] = new JsonArray([.. module.Calls.Select(call => new JsonObject
        {
            ["name"] = call.Export,
            ["types"] = Words(call.Parameters.Select(kind => kind.Name)),
            ["bits"] = Words(call.Arguments.Select(bits => bits.ToString())),
            ["results"] = Words(call.Results.Select(kind => kind.Name)),
        })]),
    }).AsArray().Select(text => text!.GetValue<string>())];

    public void Dispose()
    {
        _node.StandardInput.Close(); // the end of its input ends the script
        _node.WaitForExit();
        _node.Dispose();
    }

    static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);

    JsonNode Ask(JsonObject request)
    {
        _node.StandardInput.WriteLine(request.ToJsonString());
        _node.StandardInput.Flush();
        return JsonNode.Parse(_node.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended at {request.ToJsonString()}"))!;
    }

    static Process Launch(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.GetEnvironmentVariable(NodeVariable) is { Length: > 0 } given ? given : "node", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>A module for each feature that is valid only where it is known.</summary>
    static IEnumerable<(Features Feature, ModuleText Module)> Probes() =>
    [
        (Features.TailCalls, new ModuleText().Function(null, "->", "return_call 0")),
        (Features.Exceptions, new ModuleText().Tag("->").Function(null, "->", "try_table none end")),
        (Features.Heap, new ModuleText().Types("struct:i32").Function(null, "->null:0", "struct.new_default 0")),
        (Features.Memory64, new ModuleText().Memory(1, address: ValueKind.I64).Table(1, address: ValueKind.I64).Function(null, "->i64", "table.size 0")),
        (Features.SeveralMemories, new ModuleText().Memory(1).Memory(1)),
        (Features.Atomics, new ModuleText().Memory(1).Function(null, "->i32", "i32.const 0 atomic:10")),
    ];
}
