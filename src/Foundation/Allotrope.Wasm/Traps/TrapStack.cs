using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>Finds the WebAssembly functions among the .NET frames of an exception.</summary>
static class TrapStack
{
    /// <summary>A runaway recursion has tens of thousands of frames; nobody reads more than these.</summary>
    internal const int MostFrames = 64;

    static readonly ConditionalWeakTable<Type, CompiledModule> Known = [];

    internal static void Register(CompiledModule module) => Known.Add(module.Code, module);

    internal static IReadOnlyList<WasmFrame> Of(Exception exception)
    {
        var frames = new List<WasmFrame>();
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is { DeclaringType: { } type } method
                && Known.TryGetValue(type, out var module)
                && module.FrameOf(method.Name) is { } found)
            {
                frames.Add(found);
                if (frames.Count == MostFrames)
                    break;
            }
        }

        return frames;
    }
}
