using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Wasm;

/// <summary>
/// The compiled code of a module that begins interpreted. Guests' threads ask for functions and loops; a thread of <see cref="CompilationQueue"/> makes
/// them, each with what it calls directly, since compiled code calls that without asking, and puts them where the interpreter looks next.
/// </summary>
sealed class HotCode(ModuleSteps steps)
{
    readonly Lock _gate = new();
    readonly Queue<(int Function, HotLoop? Loop)> _wanted = [];

    /// <summary>Functions that come first, the next one on top.</summary>
    readonly Stack<int> _planned = [];

    readonly bool[] _isWanted = new bool[steps.Image.Functions.Count];

    /// <summary>By function, how many of its loops were asked for, and whether the last one is still to be made.</summary>
    readonly Dictionary<int, (int Count, bool IsUnderWay)> _entries = [];

    CompiledModule? _code;
    TaskCompletionSource? _settled;
    bool _isQueued;
    int _compiled;

    /// <summary>Why functions remain interpreted that should not; the first reason.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Functions that are entered compiled.</summary>
    internal int Compiled => Volatile.Read(ref _compiled);

    /// <summary>Code of the functions, if it was made.</summary>
    internal IEnumerable<CompiledModule> Loaded => _code is { } code ? [code] : [];

    /// <summary>What the IL is to be made of, when it is missing.</summary>
    internal HotSource? Missing => _code is null && Failure is null ? new(steps.Image, steps.Facts, steps.Options) : null;

    Warming Warming => steps.Options.Warming;

    /// <summary>Ends when nothing is wanted that is not compiled.</summary>
    internal Task Settled
    {
        get
        {
            lock (_gate)
            {
                if (!_isQueued)
                    return Task.CompletedTask;
                CompilationQueue.Keep(this);
                return (_settled ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>The function shall be compiled, or a loop of it. Any thread; asking again does nothing, unless there was no thread for it.</summary>
    internal void Ask(int function, HotLoop? loop = null)
    {
        lock (_gate)
        {
            if (IsNew(function, loop))
                _wanted.Enqueue((function, loop));
            if (_isQueued || _wanted.Count == 0)
                return;
            _isQueued = true;
        }

        if (!Warming.IsAtOnce)
        {
            if (!CompilationQueue.TryEnqueue(new WeakReference<HotCode>(this)))
                EndTurns();
            return;
        }

        if (Missing is { } source)
            Take(source.Emit(() => true));
        while (CompileNext())
        {
        }
    }

    bool IsNew(int function, HotLoop? loop)
    {
        if (loop?.IsWanted ?? _isWanted[function])
            return false;
        if (loop is null)
        {
            _isWanted[function] = true;
            return true;
        }

        var (count, isUnderWay) = _entries.GetValueOrDefault(function);
        if (isUnderWay || count == HotLoop.MostEntered)
            return false;
        _entries[function] = (count + 1, IsUnderWay: true);
        loop.IsWanted = true;
        return true;
    }

    internal void Take(EmittedCode emitted)
    {
        lock (_gate)
        {
            _code ??= emitted.Code;
            Failure ??= emitted.Failure;
        }
    }

    /// <summary>Compiles one function or loop. False when nothing is left.</summary>
    internal bool CompileNext()
    {
        if (_planned.TryPop(out var planned))
        {
            Attempt(() => CompileFunction(planned));
            return true;
        }

        (int Function, HotLoop? Loop) next;
        lock (_gate)
        {
            if (_code is null)
                _wanted.Clear();
            if (!_wanted.TryDequeue(out next))
            {
                EndTurns();
                return false;
            }
        }

        if (next.Loop is null)
            Attempt(() => DirectCalls.PlanFor(next.Function, steps, _planned));
        else
            MakeEntry(next.Function, next.Loop);
        return true;
    }

    void EndTurns()
    {
        lock (_gate)
        {
            _isQueued = false;
            if (_settled is null)
                return;
            CompilationQueue.Release(this);
            _settled.SetResult();
            _settled = null;
        }
    }

    void MakeEntry(int function, HotLoop loop)
    {
        Attempt(() => LoopEntry.Make(function, loop, steps, _code));
        lock (_gate)
            _entries[function] = (_entries[function].Count, IsUnderWay: false);
    }

    /// <summary>Makes machine code of all functions, on the caller's thread; where there is no code, <see cref="Failure"/> says why.</summary>
    internal void Prepare()
    {
        if (Missing is { } source)
            Take(source.Emit(() => true));
        if (_code is null)
            return;
        _code.Prepare();
        for (var i = steps.Image.ImportedFunctions; i < steps.Image.Functions.Count; i++)
            Publish(i);
    }

    void CompileFunction(int function)
    {
        if (steps.Known[function] is { Compiled: not 0 })
            return;
        _code!.Prepare(function);
        Publish(function);
    }

    void Publish(int function)
    {
        _ = steps.Image.Functions[function].Caller; // made here, not by the guest that calls first
        if (Interlocked.Exchange(ref steps.Known[function], FunctionSteps.Calling(function, steps.Image, _code!.AddressOf(function))) is not { Compiled: not 0 })
            Interlocked.Increment(ref _compiled);
    }

    [SuppressMessage("Design", "CA1031", Justification = "what cannot be compiled remains interpreted, and the module tells why")]
    void Attempt(Action compile)
    {
        try
        {
            compile();
        }
        catch (Exception failure)
        {
            lock (_gate)
                Failure ??= failure;
        }
    }
}
