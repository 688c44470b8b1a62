namespace Allotrope.Wasm;

/// <summary>
/// Names of guest functions for profilers of the system. With <c>DOTNET_PerfMapEnabled</c> the runtime itself writes where each method's machine code is
/// (<c>/tmp/perf-PID.map</c>, which <c>perf</c> reads); so all there is to do is to give methods the names of their functions then.
/// </summary>
static class PerfMap
{
    const int MostCharacters = 200;

    /// <summary>Whether the runtime was told to write a map when it started.</summary>
    internal static bool IsWritten { get; } =
        Environment.GetEnvironmentVariable("DOTNET_PerfMapEnabled") is { Length: > 0 } value && value != "0";

    /// <summary>What a method's name has behind the function's number: <c> module!function</c>, or nothing.</summary>
    internal static string Suffix(ModuleImage image, int functionIndex)
    {
        if (!IsWritten)
            return "";
        var name = $" {image.Names.Module ?? "wasm"}!{image.FrameOf(functionIndex, null).Name ?? "?"}";
        // A line of the map is a function, and metadata has its own bound.
        return string.Concat(name.Take(MostCharacters).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));
    }

    internal static string WithoutSuffix(string methodName) => methodName.Split(' ', 2)[0];
}
