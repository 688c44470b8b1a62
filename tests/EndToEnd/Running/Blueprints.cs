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

    /// <summary>The same with a key-value store.</summary>
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
