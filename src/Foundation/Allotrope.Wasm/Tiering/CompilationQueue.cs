using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// The threads of the process that compile hot functions. Modules take turns, a function at a time but for their IL, which is made in one turn, so that one
/// with many does not keep others waiting; a module is queued once at most. It is held weakly: what nobody runs any more need not be compiled. A thread ends
/// when nothing is left to do.
/// </summary>
static class CompilationQueue
{
    /// <summary>More would take processors from the guests.</summary>
    static readonly int MostThreads = Math.Clamp(Environment.ProcessorCount / 2, 1, 2);

    static readonly Lock Gate = new();
    static readonly Queue<WeakReference<HotCode>> Waiting = [];
    static readonly HashSet<HotCode> Awaited = [];
    static int _threads;

    /// <summary>False when there is no thread for it now, as the system gives none.</summary>
    internal static bool TryEnqueue(WeakReference<HotCode> code)
    {
        lock (Gate)
        {
            if (_threads < MostThreads && TryStart())
                _threads++;
            if (_threads == 0)
                return false;
            Waiting.Enqueue(code);
            return true;
        }
    }

    /// <summary>Somebody waits for its end, so that it has one.</summary>
    internal static void Keep(HotCode code)
    {
        lock (Gate)
            Awaited.Add(code);
    }

    /// <inheritdoc cref="Keep"/>
    internal static void Release(HotCode code)
    {
        lock (Gate)
            Awaited.Remove(code);
    }

    static bool TryStart()
    {
        try
        {
            new Thread(Run) { Name = "WebAssembly compilation", IsBackground = true }.Start();
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false; // what .NET throws when the process may have no more threads
        }
    }

    static void Run()
    {
        while (TryTake(out var code))
        {
            // Once more to the end of the queue, when there is more to do.
            if (Advance(code))
                Return(code);
        }
    }

    static bool TryTake(out WeakReference<HotCode> code)
    {
        lock (Gate)
        {
            if (Waiting.TryDequeue(out code!))
                return true;
            _threads--;
            return false;
        }
    }

    static void Return(WeakReference<HotCode> code)
    {
        lock (Gate)
            Waiting.Enqueue(code);
    }

    /// <summary>Does one thing for a module, and says whether there is more. Emitting all functions holds no more of the module than its bytes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static bool Advance(WeakReference<HotCode> code)
    {
        if (SourceOf(code) is { } source)
            Deliver(code, source.Emit(() => code.TryGetTarget(out _)));
        return CompileNext(code);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static HotSource? SourceOf(WeakReference<HotCode> code) => code.TryGetTarget(out var found) ? found.Missing : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Deliver(WeakReference<HotCode> code, EmittedCode emitted)
    {
        if (code.TryGetTarget(out var found))
            found.Take(emitted);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static bool CompileNext(WeakReference<HotCode> code) => code.TryGetTarget(out var found) && found.CompileNext();
}
