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

    /// <param name="exception">What came out of the guest.</param>
    /// <param name="before">What it was until somewhere on its way.</param>
    internal static IReadOnlyList<WasmFrame> Of(Exception exception, Exception? before = null)
    {
        var frames = new List<WasmFrame>();
        var interpreted = (exception as Trap)?.Interpreted ?? (exception as GuestException)?.Interpreted;
        var entry = 0;
        foreach (var frame in FramesOf(before).Concat(FramesOf(exception)))
        {
            if (frame.GetMethod() is not { DeclaringType: { } type } method)
                continue;
            if (type == typeof(Interpreter))
            {
                if (method.Name == Interpreter.LoopName && entry < interpreted?.Count)
                    frames.AddRange(interpreted[entry++]);
            }
            else if (Known.TryGetValue(type, out var module)
                && module.FrameOf(method.Name, frame.GetILOffset(), frames.Count == 0 ? (exception as Trap)?.ByteOffset : null) is { } found)
            {
                frames.Add(found);
            }

            if (frames.Count >= MostFrames)
                break;
        }

        return frames.Count > MostFrames ? frames.GetRange(0, MostFrames) : frames;
    }

    /// <summary>The functions that are running on this thread.</summary>
    internal static IReadOnlyList<WasmFrame> Here()
    {
        var frames = new List<WasmFrame>();
        foreach (var frame in new StackTrace(fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is { DeclaringType: { } type } method && Known.TryGetValue(type, out var module)
                && module.FrameOf(method.Name, StackFrame.OFFSET_UNKNOWN, null) is { } found)
                frames.Add(found);
            if (frames.Count == MostFrames)
                break;
        }

        return frames;
    }

    static StackFrame[] FramesOf(Exception? exception) => exception is null ? [] : new StackTrace(exception, fNeedFileInfo: false).GetFrames();
}
