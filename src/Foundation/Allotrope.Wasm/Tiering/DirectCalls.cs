namespace Allotrope.Wasm;

/// <summary>
/// In which order to compile. Compiled code calls functions of its own module without asking whether they are compiled, and one that is not is made machine
/// code of then, on the guest's thread. So what a hot function calls comes before it, as far as it was called before.
/// </summary>
static class DirectCalls
{
    /// <summary>Pushes a function, and on top of it those to compile before.</summary>
    internal static void PlanFor(int function, ModuleSteps steps, Stack<int> plan)
    {
        var seen = new HashSet<int> { function };
        var open = new Queue<int>([function]);
        while (open.TryDequeue(out var next))
        {
            plan.Push(next);
            foreach (var callee in CalleesOf(next, steps.Image))
            {
                if (steps.Known[callee] is { Compiled: 0 } && seen.Add(callee))
                    open.Enqueue(callee);
            }
        }
    }

    /// <summary>The functions of the module that one calls by name.</summary>
    static HashSet<int> CalleesOf(int function, ModuleImage image)
    {
        var callees = new HashSet<int>();
        var reader = InstructionReader.OfBody(image, image.Bodies[function - image.ImportedFunctions]);
        while (!reader.AtEnd)
        {
            var instruction = reader.Next();
            if (instruction.Opcode is Opcode.Call or Opcode.ReturnCall && instruction.Index >= image.ImportedFunctions)
                callees.Add(instruction.Index);
        }

        return callees;
    }
}
