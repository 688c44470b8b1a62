namespace Allotrope.Gateway;

/// <summary>The contract the gateway provides.</summary>
public static class HttpContract
{
    public const string Id = "wasmcloud:httpserver";

    /// <summary>The image of a component that is this gateway.</summary>
    public const string Image = "builtin:httpserver";
}
