using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Wasm;

/// <summary>What a module's IL is made of.</summary>
sealed record HotSource(ModuleImage Image, FunctionFacts[] Facts, CompileOptions Options)
{
    /// <summary>From the cache where there is one, or emitted.</summary>
    /// <param name="isWanted">Asked between functions: whether anybody has a use for it yet.</param>
    [SuppressMessage("Design", "CA1031", Justification = "a module that cannot be compiled goes on interpreted, and tells why")]
    internal EmittedCode Emit(Func<bool> isWanted)
    {
        var options = Options with { IsWanted = isWanted };
        try
        {
            return new(options.Cache is { } cache ? cache.Compile(Image, options, Facts) : ModuleCompiler.Compile(Image, Facts, options), null);
        }
        catch (Exception failure)
        {
            return new(null, failure);
        }
    }
}

/// <summary>A module's code, or why there is none.</summary>
readonly record struct EmittedCode(CompiledModule? Code, Exception? Failure);
