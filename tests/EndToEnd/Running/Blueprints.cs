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

    /// <summary>A component behind HTTP, called page, that keeps something by a link to a provider.</summary>
    /// <param name="guest">Of <c>guests/components</c>.</param>
    /// <param name="package">Of WASI.</param>
    /// <param name="interfaces">Of the package, in brackets.</param>
    /// <param name="provider">Its name, and the image after <c>builtin:</c>.</param>
    /// <param name="config">More about the link's target.</param>
    /// <param name="more">More traits of the component.</param>
    /// <param name="name">Of the blueprint.</param>
    public static string Keeping(
        string guest, string package, string interfaces, (string Name, string Image) provider, string config = "", string more = "", string name = "shop") => $$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: {{name}}}
        spec:
          components:
            - name: page
              type: component
              properties:
                image: {{Repository.PathOf($"guests/components/{guest}")}}
                limits: {callTime: 20s}
              traits:
                - type: link
                  properties: {target: {name: {{provider.Name}}{{config}} }, namespace: wasi, package: {{package}}, interfaces: {{interfaces}}}{{more}}
            - name: {{provider.Name}}
              type: capability
              properties: {image: "builtin:{{provider.Image}}"}
            - name: http
              type: capability
              properties: {image: "builtin:httpserver"}
              traits:
                - type: link
                  properties: {target: page, namespace: wasi, package: http, interfaces: [incoming-handler]}
        """;
}
