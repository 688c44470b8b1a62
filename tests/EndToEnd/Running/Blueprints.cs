namespace Allotrope.EndToEnd;

/// <summary>Blueprints for tests; each is a text that a person might have written.</summary>
static class Blueprints
{
    /// <summary>An actor behind HTTP.</summary>
    public static string Http(string name, string image, int instances = 4, string values = "path: /") => $$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: {{name}}}
        spec:
          components:
            - name: actor
              type: actor
              properties: {image: {{image}}}
              traits:
                - {type: spreadscaler, properties: {instances: {{instances}} } }
                - {type: linkdef, properties: {target: http, values: { {{values}} } } }
            - name: http
              type: capability
              properties: {image: "builtin:httpserver", contract: "wasmcloud:httpserver"}

        """;

    /// <summary>A component behind HTTP.</summary>
    public static string Component(string name, string image, string hosts = "") => $$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: {{name}}}
        spec:
          components:
            - name: component
              type: component
              properties: {image: {{image}}, hosts: [{{hosts}}], limits: {callTime: 1m, memory: 256Mi} }
              traits:
                - {type: spreadscaler, properties: {instances: 4} }
            - name: http
              type: capability
              properties: {image: "builtin:httpserver"}
              traits:
                - {type: link, properties: {target: component, namespace: wasi, package: http, interfaces: [incoming-handler] } }

        """;

    /// <summary>An actor with a key-value store behind HTTP.</summary>
    public static string Counter(string name, string image, int instances = 4, string values = "path: /") => $$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: {{name}}}
        spec:
          components:
            - name: actor
              type: actor
              properties: {image: {{image}}}
              traits:
                - {type: spreadscaler, properties: {instances: {{instances}} } }
                - {type: linkdef, properties: {target: http, values: { {{values}} } } }
                - {type: linkdef, properties: {target: keyvalue} }
            - name: http
              type: capability
              properties: {image: "builtin:httpserver", contract: "wasmcloud:httpserver"}
            - name: keyvalue
              type: capability
              properties: {image: "builtin:keyvalue", contract: "wasmcloud:keyvalue"}

        """;
}
