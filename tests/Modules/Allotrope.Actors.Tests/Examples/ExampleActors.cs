using Allotrope.Contracts;

namespace Allotrope.Actors.Tests;

/// <summary>The committed actors of <c>guests/</c>, as a node loads them.</summary>
static class ExampleActors
{
    public static byte[] Hello => Load("hello");

    public static byte[] Counter => Load("counter");

    public static byte[] Hostile => Load("hostile");

    /// <summary>A mebibyte: sixteen pages, of which a well-behaved example uses one.</summary>
    public static readonly ComponentLimits Tight = ComponentLimits.Default with { MemoryMebibytes = 1, CallTime = TimeSpan.FromSeconds(20) };

    static byte[] Load(string name)
    {
        using var stream = typeof(ExampleActors).Assembly.GetManifestResourceStream($"guests/{name}.wasm")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
