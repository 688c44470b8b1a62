using System.Runtime.ExceptionServices;

namespace Allotrope.Wasm;

/// <summary>Takes the host's part: does what the log says it did, and compares what the guest does with what it did then.</summary>
sealed class Replayer(StateReader log, Numbered objects)
{
    Instance _instance = null!;
    int _hostCalls;
    int _depth;

    /// <summary>How the last call from outside was left.</summary>
    internal ReplayOutcome Outcome { get => field! with { HostCalls = _hostCalls }; private set; }

    /// <summary>Plays all of it.</summary>
    /// <returns>Where it went another way, or null.</returns>
    internal string? Run(Instance instance)
    {
        _instance = instance;
        Outcome = new ReplayOutcome { Instance = instance };
        try
        {
            if (PlayHost(out _) != RecordEvent.End)
                throw log.Wrong("a host answers that was not asked");
            log.End();
            return null;
        }
        catch (Divergence divergence)
        {
            return divergence.Message;
        }
    }

    /// <summary>What the guest gets for an import.</summary>
    internal Function Import(int index, FunctionType type) =>
        Function.FromValues(type, (_, arguments, results) => Answer(index, type, arguments, results));

    /// <summary>Does what the host did with its turn.</summary>
    /// <returns>How that ended: <see cref="RecordEvent.Answer"/>, whose contents follow, or <see cref="RecordEvent.End"/>.</returns>
    RecordEvent PlayHost(out Exception? lastThrown)
    {
        lastThrown = null;
        while (true)
        {
            var next = (RecordEvent)log.Byte();
            switch (next)
            {
                case RecordEvent.Enter: lastThrown = Enter() ?? lastThrown; break;
                case RecordEvent.Memory: WriteMemory(); break;
                case RecordEvent.Global: WriteGlobal(); break;
                case RecordEvent.Table: WriteTable(); break;
                case RecordEvent.Fuel: _instance.Store.Fuel = log.Bits(); break;
                case RecordEvent.Answer or RecordEvent.End: return next;
                default: throw log.Wrong($"{next} follows where the host has the turn");
            }
        }
    }

    /// <returns>What the function was left with, if it threw.</returns>
    Exception? Enter()
    {
        var index = log.Index(_instance.Functions.Length, "function");
        // An import leads back here: the log alone would decide how deep.
        if (index < _instance.Module.Image.ImportedFunctions)
            throw log.Wrong($"the host calls its own function {index}");
        var function = _instance.FunctionAt(index);
        var arguments = new Value[function.Type.Parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = objects.Read(log, function.Type.Parameters[i]);
        var results = new Value[function.Type.Results.Length];
        Exception? thrown = null;
        _depth++;
        try
        {
            function.Run(arguments, results);
        }
        catch (Exception caught) when (caught is Trap or GuestException or HostException)
        {
            thrown = caught;
        }

        _depth--;
        var name = NameOf(function);
        if (_depth == 0)
            Outcome = new ReplayOutcome { Instance = _instance, Thrown = thrown, Results = thrown is null ? results : [], Function = name };
        if ((RecordEvent)log.Byte() is var next && next != RecordEvent.Exit)
            throw next == RecordEvent.Import ? Early(name, thrown) : log.Wrong($"{next} follows where the guest has the turn");
        new OutcomeComparison(log, objects, _instance).Check(name, function.Type, results, thrown);
        return thrown;
    }

    Divergence Early(string name, Exception? thrown)
    {
        var import = log.Index(_instance.Module.Image.ImportedFunctions, "import");
        return new Divergence(
            $"{name} {OutcomeComparison.Describe(thrown, [])} after {_hostCalls} host calls, and in the record it calls {ImportName(import)} next");
    }

    /// <summary>The guest calls its host.</summary>
    void Answer(int index, FunctionType type, ReadOnlySpan<Value> arguments, Span<Value> results)
    {
        if ((RecordEvent)log.Byte() is var next && next != RecordEvent.Import)
        {
            if (next == RecordEvent.Exit && OutcomeComparison.IsInterrupted(log))
                throw new Trap(TrapKind.Interrupted); // this is as far as it came, and the time it took is nobody's to repeat
            throw next == RecordEvent.Exit
                ? new Divergence($"the guest calls {ImportName(index)} after {_hostCalls} host calls, and in the record it calls none any more")
                : log.Wrong($"{next} follows where the guest has the turn");
        }

        _hostCalls++;
        var recorded = log.Index(_instance.Module.Image.ImportedFunctions, "import");
        if (recorded != index)
            throw new Divergence($"host call {_hostCalls} is of {ImportName(index)}, and in the record of {ImportName(recorded)}");
        for (var i = 0; i < arguments.Length; i++)
        {
            if (objects.Compare(log, type.Parameters[i], arguments[i]) is { } expected)
                throw new Divergence($"host call {_hostCalls}, {ImportName(index)}: argument {i} is {arguments[i]}, and in the record {expected}");
        }

        var call = _hostCalls;
        if (PlayHost(out var lastThrown) != RecordEvent.Answer)
            throw log.Wrong($"host call {call} has no answer");
        Return(type, results, lastThrown);
    }

    void Return(FunctionType type, Span<Value> results, Exception? lastThrown)
    {
        switch ((RecordedOutcome)log.Byte())
        {
            case RecordedOutcome.Returned:
                for (var i = 0; i < results.Length; i++)
                    results[i] = objects.Read(log, type.Results[i]);
                break;
            case RecordedOutcome.Trapped:
                var kind = OutcomeComparison.ReadTrap(log, []);
                throw new Trap(kind);
            case RecordedOutcome.Threw:
                var tag = _instance.Tags[log.Index(_instance.Tags.Length, "tag")];
                throw new GuestException(tag, [.. tag.Type.Parameters.Select(parameter => objects.Read(log, parameter))]);
            case RecordedOutcome.Failed:
                throw new HostException(log.Text("an exception's type"), log.Text("an exception's message"));
            case RecordedOutcome.PassedOn when lastThrown is not null:
                ExceptionDispatchInfo.Throw(lastThrown);
                break;
            default:
                throw log.Wrong("a host answers in a way that there is none");
        }
    }

    void WriteMemory()
    {
        var memory = _instance.Memories[log.Index(_instance.Memories.Length, "memory")];
        var pages = log.Number();
        if (pages < memory.PageCount || !memory.TryGrow(pages - memory.PageCount))
            throw new Divergence($"the host found a memory of {pages} pages before host call {_hostCalls + 1}, and it has {memory.PageCount} that cannot be more");
        MemoryChanges.Apply(log, memory);
    }

    void WriteGlobal()
    {
        var global = _instance.Globals[log.Index(_instance.Globals.Length, "global")]!;
        global.Restore(objects.Read(log, global.Type));
    }

    void WriteTable()
    {
        var table = _instance.Tables[log.Index(_instance.Tables.Length, "table")];
        var count = log.AtMost(Math.Min(_instance.Store.Limits.TableElements, Table.MostElements), "elements");
        if (count < (ulong)table.Count)
            throw new Divergence($"the host found a table of {count} elements before host call {_hostCalls + 1}, and it has {table.Count}");
        var elements = table.Elements;
        Array.Resize(ref elements, (int)count);
        for (var places = log.Count("elements", leastBytes: 2); places > 0; places--)
        {
            var place = log.Index(elements.Length, "element");
            elements[place] = objects.Read(log, table.Element).Reference;
        }

        if (elements != table.Elements && !table.TryReplace(elements))
            throw new Divergence($"a table cannot have the {count} elements that the host gave it");
    }

    string ImportName(int index)
    {
        var import = _instance.Module.Imports.Where(import => import.Type is ExternType.Func).ElementAt(index);
        return $"{import.Module}.{import.Name}";
    }

    string NameOf(Function function)
    {
        var index = Array.IndexOf(_instance.Functions, function);
        return _instance.Module.Exports.FirstOrDefault(export => export.Type is ExternType.Func && export.Index == index)?.Name ?? $"function {index}";
    }
}
