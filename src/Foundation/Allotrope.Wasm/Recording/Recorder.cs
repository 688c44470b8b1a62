using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Wasm;

/// <summary>
/// Records what passes between one instance and its host, so that it can be replayed without the host: <see cref="Begin"/>, then one call or several of
/// the instance, then <see cref="End"/>. Give it to <see cref="Linker.Instantiate(Store, Module, Recorder)"/>; while it does not record, a host call
/// costs some hundred nanoseconds more.
/// </summary>
/// <remarks>
/// Seen are arguments and answers both ways, calls of the guest from within host calls, and what the host writes to memories, globals and tables. Not
/// seen are writes through pointers, or from other threads, to a guest's memory. What a record does not hold makes <see cref="End"/> throw, with the
/// reason; the call is never disturbed.
/// </remarks>
/// <param name="mostLogBytes">Bytes that answers and writes may take; beyond it the recording ends. Default: 64 MiB.</param>
public sealed class Recorder(long mostLogBytes = 64 << 20)
{
    Instance? _instance;
    Snapshot? _before;
    Crossings? _crossings;
    RecordLog? _log;
    HostWatch? _watch;
    ReadOnlyMemory<byte> _imports;
    string? _problem;

    /// <summary>Whether a recording was begun and neither ended nor discarded.</summary>
    public bool IsRecording { get; private set; }

    /// <summary>Captures the instance and records from now on, what the calling host does to its memories included.</summary>
    /// <exception cref="SnapshotException">The instance cannot be captured.</exception>
    /// <exception cref="RecordException">Another instance has a part in its memories, tables or globals.</exception>
    /// <exception cref="InvalidOperationException">A guest of the store is running, or a recording is under way.</exception>
    public void Begin()
    {
        var instance = _instance ?? throw new InvalidOperationException("the recorder has no instance: give it to Linker.Instantiate");
        if (IsRecording)
            throw new InvalidOperationException("a recording is under way: end or discard it first");
        ImportedState.RefuseOthers(instance);
        _crossings = new Crossings(instance);
        _before = Snapshot.Capture(instance, _crossings);
        _imports = ImportedState.Write(instance, _crossings);
        _log = new RecordLog(_crossings, mostLogBytes);
        _watch = new HostWatch();
        _problem = null;
        SetWatch(_watch);
        IsRecording = true;
        _watch.Push(new HostTurn(instance));
    }

    /// <summary>Ends the recording and gives what it has.</summary>
    /// <exception cref="RecordException">Something happened that a record does not hold; the sentence says what.</exception>
    /// <exception cref="InvalidOperationException">None is under way, or a call of it is not over.</exception>
    public CallRecord End()
    {
        if (!IsRecording)
            throw new InvalidOperationException("no recording is under way");
        if (_watch!.Depth > 1 || !_watch.IsHost)
            throw new InvalidOperationException("a recording is ended when its calls are over");
        Log(static (recorder, log) =>
        {
            recorder._watch!.Turn.Flush(log);
            log.End();
        });
        SetWatch(null);
        IsRecording = false;
        if (_problem is { } problem)
            throw new RecordException(problem);
        return CallRecord.Of(_instance!, _before!, _imports, _log!.Written, Snapshot.Capture(_instance!, _crossings));
    }

    /// <summary>Ends a recording that nobody wants, at no cost. Nothing happens when none is under way.</summary>
    public void Discard()
    {
        if (!IsRecording)
            return;
        SetWatch(null);
        IsRecording = false;
        (_before, _crossings, _log, _watch) = (null, null, null, null);
    }

    internal void Attach(Instance instance) =>
        _instance = _instance is null ? instance : throw new InvalidOperationException("a recorder has one instance, and this one has it already");

    /// <summary>The import as the instance gets it.</summary>
    internal Function Wrap(int import, Function function)
    {
        if (function.Store is not null)
            throw new LinkException("an instance that is recorded imports functions of the host alone, not of other instances");
        return Function.FromValues(function.Type, (_, arguments, results) => Answer(import, function, arguments, results));
    }

    /// <summary>What the host calls instead of a function of the instance.</summary>
    internal Function EntryOf(Function function) =>
        Function.FromValues(function.Type, (_, arguments, results) => Enter(function, arguments, results));

    /// <summary>The host calls the guest.</summary>
    internal void Enter(Function function, ReadOnlySpan<Value> arguments, Span<Value> results)
    {
        if (!IsRecording)
        {
            function.Run(arguments, results);
            return;
        }

        var (watch, given) = (_watch!, arguments.ToArray());
        Log((recorder, log) =>
        {
            watch.Turn.Flush(log);
            log.Enter(Array.IndexOf(recorder._instance!.Functions, function), function.Type, given);
        });
        watch.Pause();
        try
        {
            function.Run(arguments, results);
        }
        catch (Exception thrown)
        {
            watch.Turn.LastThrown = thrown;
            Log((recorder, log) => log.Exit(thrown, recorder._instance!.Store.Fuel));
            throw;
        }
        finally
        {
            watch.Resume();
        }

        var answers = results.ToArray();
        Log((recorder, log) => log.Exit(function.Type, answers, recorder._instance!.Store.Fuel));
    }

    /// <summary>The guest calls its host.</summary>
    void Answer(int import, Function function, ReadOnlySpan<Value> arguments, Span<Value> results)
    {
        // What the host calls of what it gave itself, by a name that the instance exports again, is its own business.
        if (!IsRecording || _watch!.IsHost)
        {
            function.Run(arguments, results);
            return;
        }

        var (watch, given) = (_watch, arguments.ToArray());
        Log((_, log) => log.Import(import, function.Type, given));
        watch.Push(new HostTurn(_instance!));
        try
        {
            function.Run(arguments, results);
            var answers = results.ToArray();
            Log((_, log) =>
            {
                watch.Turn.Flush(log);
                log.Answer(function.Type, answers);
            });
        }
        catch (Exception thrown)
        {
            Log((_, log) =>
            {
                watch.Turn.Flush(log);
                log.Answer(thrown, watch.Turn.LastThrown);
            });
            throw;
        }
        finally
        {
            watch.Pop();
        }
    }

    /// <summary>Notes something; what cannot be noted ends the notes and never the call.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "the recorded call must not notice")]
    void Log(Action<Recorder, RecordLog> note)
    {
        if (!IsRecording || _problem is not null)
            return;
        try
        {
            note(this, _log!);
        }
        catch (Exception problem)
        {
            _problem = problem.Message;
        }
    }

    void SetWatch(HostWatch? watch)
    {
        foreach (var memory in _instance!.Memories)
            memory.Watch = watch;
        foreach (var table in _instance.Tables)
            table.Watch = watch;
    }
}
