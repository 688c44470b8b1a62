using Allotrope.Wasm;

namespace Allotrope.Commands;

/// <summary>The WebAssembly stack of a replayed trap as lines: a function, and below it what its variables held.</summary>
static class StackLines
{
    /// <summary>Variables shown of a function whose source names none: the first are its parameters, and large ones have hundreds.</summary>
    const int UnnamedShown = 16;

    public static IReadOnlyList<string> Of(ReplayOutcome outcome) => outcome.Thrown switch
    {
        Trap { Inspected: { Count: > 0 } frames } => [.. frames.SelectMany(frame => Of(frame, outcome.Instance.Module))],
        Trap trap => [.. trap.WasmStack.Select(frame => $"at {frame}")],
        GuestException exception => [.. exception.WasmStack.Select(frame => $"at {frame}")],
        _ => [],
    };

    static IEnumerable<string> Of(InspectedFrame frame, Module module)
    {
        yield return $"at {frame.Frame}";
        var names = module.LocalNames(frame.Frame.FunctionIndex);
        for (var i = 0; i < frame.Locals.Length; i++)
        {
            if (names.TryGetValue(i, out var name))
                yield return $"      {name} = {frame.Locals[i]}";
            else if (names.Count == 0 && i < UnnamedShown)
                yield return $"      local {i} = {frame.Locals[i]}";
        }

        if (names.Count == 0 && frame.Locals.Length > UnnamedShown)
            yield return $"      and {frame.Locals.Length - UnnamedShown} more";
    }
}
