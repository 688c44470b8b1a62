namespace Allotrope.Wasm;

/// <summary>What <see cref="Function.Target"/> is for a function that is interpreted.</summary>
/// <param name="instance">Whose function it is.</param>
/// <param name="index">Its index.</param>
sealed class InterpretedFunction(Instance instance, int index)
{
    internal Instance Instance { get; } = instance;

    internal int Index { get; } = index;

    /// <summary>The class of the code by which compiled code calls it, which would be unloaded if nobody held it.</summary>
    internal Type? Stub { get; set; }

    /// <summary>What to run. Once that is compiled, whoever calls the function by its object calls the code itself.</summary>
    internal FunctionSteps Steps
    {
        get
        {
            var steps = Instance.Steps!.At(Index);
            if (steps.Compiled != 0)
                Instance.FunctionAt(Index).BecomeCompiled(steps.Compiled, Instance);
            return steps;
        }
    }
}
