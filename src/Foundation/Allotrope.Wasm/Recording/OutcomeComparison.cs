namespace Allotrope.Wasm;

/// <summary>Compares how a function of the guest was left with how it was left when it was recorded.</summary>
readonly struct OutcomeComparison(StateReader log, Numbered objects, Instance instance)
{
    /// <summary>Reads an exit and compares.</summary>
    /// <exception cref="Divergence">It is another; the sentence says which of the two.</exception>
    internal void Check(string name, FunctionType type, ReadOnlySpan<Value> results, Exception? thrown)
    {
        switch ((RecordedOutcome)log.Byte())
        {
            case RecordedOutcome.Returned:
                Expect(thrown is null, name, thrown, results, "returned");
                for (var i = 0; i < results.Length; i++)
                {
                    if (objects.Compare(log, type.Results[i], results[i]) is { } expected)
                        throw new Divergence($"{name} returned {results[i]} as result {i}, and in the record {expected}");
                }

                break;
            case RecordedOutcome.Trapped:
                CheckTrap(name, results, thrown);
                break;
            case RecordedOutcome.Threw:
                var tag = log.Index(instance.Tags.Length, "tag");
                Expect(thrown is GuestException exception && exception.Tag == instance.Tags[tag], name, thrown, results, $"threw an exception of tag {tag}");
                for (var i = 0; i < instance.Tags[tag].Type.Parameters.Length; i++)
                {
                    if (objects.Compare(log, instance.Tags[tag].Type.Parameters[i], ((GuestException)thrown!).Values[i]) is { } expected)
                        throw new Divergence($"{name} threw an exception with {((GuestException)thrown).Values[i]} as value {i}, and in the record {expected}");
                }

                break;
            case RecordedOutcome.Failed:
                var (failure, message) = (log.Text("an exception's type"), log.Text("an exception's message"));
                Expect(thrown is HostException failed && failed.TypeName == failure && failed.Message == message, name, thrown, results, $"failed: {message}");
                break;
            default:
                throw log.Wrong("a function was left in a way that there is none");
        }

        var fuel = log.Bits();
        if (fuel != instance.Store.Fuel)
            throw new Divergence($"{name} left {instance.Store.Fuel} of the fuel, and in the record {fuel}");
    }

    /// <summary>Whether the exit that follows is that of a call which was stopped from outside. Reads on.</summary>
    internal static bool IsInterrupted(StateReader log)
    {
        var at = log.Position;
        var isInterrupted = (RecordedOutcome)log.Byte() == RecordedOutcome.Trapped && ReadTrap(log, []) == TrapKind.Interrupted;
        log.Back(at - 1); // so that the exit is read again, when the guest has been left
        return isInterrupted;
    }

    internal static TrapKind ReadTrap(StateReader log, List<int> stack)
    {
        var kind = (TrapKind)log.Index(Enum.GetValues<TrapKind>().Length, "trap");
        for (var frames = log.Count("functions of a stack"); frames > 0; frames--)
            stack.Add(log.Index(int.MaxValue, "function"));
        return kind;
    }

    internal static string Describe(Exception? thrown, ReadOnlySpan<Value> results) => thrown switch
    {
        null => $"returned{(results.IsEmpty ? "" : $" {string.Join(", ", results.ToArray())}")}",
        Trap trap => $"trapped: {trap.Message}",
        GuestException => "threw an exception",
        _ => $"failed: {thrown.Message}",
    };

    void CheckTrap(string name, ReadOnlySpan<Value> results, Exception? thrown)
    {
        var stack = new List<int>();
        var kind = ReadTrap(log, stack);
        Expect(thrown is Trap found && found.Kind == kind, name, thrown, results, $"trapped: {new Trap(kind).Message}");
        var trap = (Trap)thrown!;
        // Where a guest is when it is stopped from outside, or when the machine's stack is used up, is not the guest's doing.
        if (kind is TrapKind.Interrupted or TrapKind.StackExhausted or TrapKind.HeapExhausted)
            return;
        var now = TrapStack.Of(trap, trap.InnerException).Select(frame => frame.FunctionIndex).ToList();
        if (!now.SequenceEqual(stack))
            throw new Divergence($"{name} trapped in {Path(now)}, and in the record in {Path(stack)}");
    }

    static string Path(IEnumerable<int> functions) => string.Join(" ← ", functions.Select(index => $"function {index}"));

    static void Expect(bool isSame, string name, Exception? thrown, ReadOnlySpan<Value> results, string recorded)
    {
        if (!isSame)
            throw new Divergence($"{name} {Describe(thrown, results)}, and in the record it {recorded}");
    }
}
