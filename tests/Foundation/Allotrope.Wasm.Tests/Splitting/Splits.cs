namespace Allotrope.Wasm.Tests.Splitting;

static class Splits
{
    /// <summary>A limit for methods in which only the bytes of IL count.</summary>
    public static MethodSize Limit(int ilBytes) => new(ilBytes, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);

    public static CompileOptions All(int ilBytes) => new() { MethodLimit = Limit(ilBytes), SplitsAll = true };
}
