using System.Text;
using Allotrope.Contracts;

namespace Allotrope.Planner.Tests;

/// <summary>Blueprints as their authors write them.</summary>
static class App
{
    public static readonly string Digest = "@sha256:" + new string('a', 64);

    /// <param name="components">Items of <c>spec.components</c>, from column 1.</param>
    public static string Of(string name, string components, string annotations = "") =>
        $"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata:
          name: {name}
          annotations: {"{" + annotations + "}"}
        spec:
          components:
        {string.Join("\n", components.ReplaceLineEndings("\n").Split('\n').Select(line => "    " + line))}
        """;

    /// <param name="traits">Further traits, each from column 5.</param>
    public static string Actor(string name, int instances = 1, string traits = "") =>
        $"""
        - name: {name}
          type: actor
          properties: {"{"}image: "{name}.wasm{Digest}"{"}"}
          traits:
            - {"{"}type: spreadscaler, properties: {"{"}instances: {instances}{"}}"}
        {traits}
        """;

    /// <summary>A component that is linked to others.</summary>
    public static string Linked(string name, params string[] targets) =>
        $"""
        - name: {name}
          type: component
          properties: {"{"}image: "{name}.wasm{Digest}"{"}"}
          traits:
            - {"{"}type: spreadscaler, properties: {"{"}instances: 1{"}}"}
        {string.Join('\n', targets.Select(target => $"    - {"{"}type: link, properties: {"{"}target: {target}, namespace: demo, package: {target}, interfaces: [names]{"}}"}"))}
        """;

    public static Blueprint Read(string yaml) => BlueprintReader.Read(Encoding.UTF8.GetBytes(yaml), "app.yaml").Blueprint;

    public static byte[] Canonical(string yaml) => BlueprintCanonical.Write(Read(yaml));

    /// <summary>An actor that uses HTTP and a key-value store, in the first dialect.</summary>
    public static string Counter(int instances = 4) => Of("counter",
        """
        - name: counter
          type: actor
          properties: {image: "counter.wasm@DIGEST", limits: {memory: 32Mi, callTime: 1s}, config: {greeting: hello}}
          traits:
            - {type: spreadscaler, properties: {instances: INSTANCES}}
            - {type: linkdef, properties: {target: http, values: {path: /}}}
            - {type: linkdef, properties: {target: store}}
        - {name: http, type: capability, properties: {image: "builtin:httpserver"}}
        - {name: store, type: capability, properties: {image: "builtin:keyvalue", link_name: fast}}
        """.Replace("@DIGEST", Digest).Replace("INSTANCES", $"{instances}"));
}
