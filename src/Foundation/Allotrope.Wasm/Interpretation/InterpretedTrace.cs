namespace Allotrope.Wasm;

/// <summary>The interpreted functions that an exception went through: their frames are gone when somebody asks.</summary>
sealed class InterpretedTrace
{
    /// <summary>Functions by the entries from the host or compiled code that they belong to, innermost first.</summary>
    readonly List<(int Entry, WasmFrame[] Frames)> _entries = [];

    internal int Count => _entries.Count;

    internal WasmFrame[] this[int entry] => _entries[entry].Frames;

    /// <summary>Notes the functions since the last entry, once.</summary>
    internal static void Note(Exception exception, InterpreterStack stack)
    {
        var trace = exception switch
        {
            Trap trap => trap.Interpreted ??= new(),
            GuestException guest => guest.Interpreted ??= new(),
            _ => null,
        };
        if (trace is null || trace._entries.Exists(entry => entry.Entry == stack.Base))
            return;
        trace._entries.Add((stack.Base, [.. stack.FramesSinceEntry(TrapStack.MostFrames)]));
        if (exception is Trap { Kind: not TrapKind.StackExhausted } inspected && stack.Guard.InspectsTraps)
            (inspected.InspectedFrames ??= []).AddRange(FrameInspection.Of(stack));
    }
}
