namespace Allotrope.Wasm;

/// <summary>Stands in a replay for an exception, other than a trap or WebAssembly's own, that a host function threw when it was recorded.</summary>
/// <param name="typeName">What it was.</param>
/// <param name="message">What it said.</param>
public sealed class HostException(string typeName, string message) : Exception(message)
{
    public string TypeName { get; } = typeName;

    internal static string NameOf(Exception thrown) => thrown is HostException failure ? failure.TypeName : thrown.GetType().Name;
}
