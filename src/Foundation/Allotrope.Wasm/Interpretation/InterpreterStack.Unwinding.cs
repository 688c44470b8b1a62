namespace Allotrope.Wasm;

/// <content>What happens to the frames when something is thrown.</content>
sealed unsafe partial class InterpreterStack
{
    /// <summary>
    /// Goes back to the innermost function since the last entry that catches the exception, to where its clause lands. Without one, notes the functions
    /// for the exception's trace and leaves them where they are.
    /// </summary>
    internal bool TryCatch(Exception exception)
    {
        InterpretedTrace.Note(exception, this);
        if (exception is GuestException thrown)
        {
            while (true)
            {
                if (TryLand(thrown))
                    return true;
                if (Depth == Base)
                    break;
                ForgetReferences();
                Leave();
            }
        }

        ForgetAll();
        return false;
    }

    bool TryLand(GuestException thrown)
    {
        var code = Code!;
        var position = code.PositionOf(Ip);
        foreach (var range in code.Catches)
        {
            if (position < range.Start || position >= range.End)
                continue;
            for (var i = 0; i < range.Clauses.Length; i++)
            {
                var clause = range.Clauses[i];
                if (clause.Tag is { } tag && !GuestException.Is(thrown, Instance!, tag))
                    continue;
                Land(thrown, range, clause);
                Ip = code.First + range.Landings[i];
                return true;
            }
        }

        return false;
    }

    void Land(GuestException thrown, CatchRange range, in CatchClause clause)
    {
        var slot = Frame + range.Slot;
        var reference = FirstReference + range.Reference;
        var types = clause.Tag is { } tag ? Instance!.Module.Image.Tags[tag].Parameters : [];
        for (var i = 0; i < types.Length; i++)
        {
            ref readonly var value = ref GuestException.At(thrown, i);
            Interpreter.Store(value, types[i].Kind, ref slot, ref reference, this);
        }

        if (clause.TakesReference)
            References[reference] = GuestException.Keep(thrown, Instance!);
    }

    void ForgetReferences() => Array.Clear(References, FirstReference, Code!.References);

    /// <summary>The references of everything since the last entry.</summary>
    void ForgetAll()
    {
        var first = Base == Depth ? FirstReference : Callers[Base + 1].FirstReference;
        Array.Clear(References, first, Math.Max(0, Math.Min(References.Length, FreeReference) - first));
    }

    /// <summary>The functions since the last entry, innermost first.</summary>
    internal IEnumerable<WasmFrame> FramesSinceEntry(int most)
    {
        foreach (var waiting in WaitingSinceEntry(most))
        {
            if (!waiting.IsLeft)
                yield return waiting.Instance!.Steps!.FrameOf(waiting);
        }
    }

    /// <summary>The innermost function and those that wait for it.</summary>
    internal List<CallerFrame> WaitingSinceEntry(int most)
    {
        List<CallerFrame> waiting = [new() { Ip = Ip, Frame = Frame, FirstReference = FirstReference, Code = Code, Instance = Instance }];
        for (var i = Depth; i > Base && waiting.Count < most; i--)
            waiting.Add(Callers[i]);
        return waiting;
    }
}
