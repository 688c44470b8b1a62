namespace Allotrope.Wasm;

/// <summary>
/// Which functions of a module, and which calls through references, may reach an import that suspends the guest. What an import does with the module's
/// exports is none of it: those are calls of the host's own.
/// </summary>
sealed class SuspendingCalls
{
    readonly Calls _calls;
    readonly bool[] _suspending;

    SuspendingCalls(ModuleImage image, SuspendableImports imports)
    {
        _calls = new Calls(image, HostConduct.Free);
        _suspending = new bool[_calls.Graph.Count];
        var callers = new CallGraph(_calls.Graph.Count, Reversed(_calls.Graph));
        var open = new Stack<int>(_calls.CallsOutside);
        foreach (var (index, import) in image.Imports.Where(import => import.Type is ExternType.Func).Index())
        {
            if (imports.Contains(import.Module, import.Name))
                open.Push(index);
        }

        while (open.TryPop(out var node))
        {
            if (_suspending[node])
                continue;
            _suspending[node] = true;
            foreach (var caller in callers.CalleesOf(node))
            {
                if (caller >= image.ImportedFunctions && caller != _calls.World)
                    open.Push(caller);
            }
        }
    }

    /// <summary>Null when the module is never suspended.</summary>
    internal static SuspendingCalls? Of(ModuleImage image, CompileOptions options)
    {
        if (options.Suspendable.IsNone)
            return null;
        var found = new SuspendingCalls(image, options.Suspendable);
        if (options.SuspendsAll)
            Array.Fill(found._suspending, true);
        return Array.IndexOf(found._suspending, true) < 0 ? null : found;
    }

    internal bool Reaches(int function) => _suspending[function];

    /// <summary>Whether a call of the instruction may be suspended; calls that take their caller's place have no frame that could be.</summary>
    internal bool MaySuspend(ModuleImage image, in Instruction instruction) => instruction.Opcode switch
    {
        Opcode.Call => _suspending[instruction.Index],
        Opcode.CallIndirect or Opcode.CallRef => _suspending[_calls.NodeOf(Calls.SiteOf(image, instruction)!.Value)],
        _ => false,
    };

    static List<int> Reversed(CallGraph graph)
    {
        var edges = new List<int>(graph.Edges * 2);
        for (var node = 0; node < graph.Count; node++)
        {
            foreach (var callee in graph.CalleesOf(node))
            {
                edges.Add(callee);
                edges.Add(node);
            }
        }

        return edges;
    }
}
