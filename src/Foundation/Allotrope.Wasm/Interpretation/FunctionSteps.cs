using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>A function as the interpreter runs it. It belongs to the module: all instances share it.</summary>
sealed unsafe class FunctionSteps
{
    readonly Step[] _steps;
    readonly int[] _offsets;

    internal FunctionSteps(int index, FunctionType type, Step[] steps, int[] offsets)
    {
        (Index, Type, _steps, _offsets) = (index, type, steps, offsets);
        First = (Step*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(steps));
    }

    internal int Index { get; }

    internal FunctionType Type { get; }

    /// <summary>The first step; the array is pinned for as long as this object lives.</summary>
    internal readonly Step* First;

    /// <summary>Slots of the whole frame: variables, then operands.</summary>
    internal uint Slots;

    /// <summary>Slots of parameters, which the caller fills.</summary>
    internal uint ParameterSlots;

    /// <summary>Slots of parameters and other variables.</summary>
    internal uint VariableSlots;

    internal int References;

    /// <summary>Bytes of stack that a deterministic call takes.</summary>
    internal int StackCost;

    internal int ParameterReferences;

    /// <summary>Slots and references of the results, which go to the frame's beginning.</summary>
    internal int ResultSlots, ResultReferences;

    /// <summary>What the steps with <see cref="StepCodes.Rare"/> do.</summary>
    internal RareStep[] Rare = [];

    /// <summary>Blocks that catch, inner ones first.</summary>
    internal CatchRange[] Catches = [];

    /// <summary>How much more it is called or loops before it shall be compiled. Threads share it, and may lose some of the count.</summary>
    internal int Warmth;

    /// <summary>Loops, by the constant of their steps.</summary>
    internal HotLoop[] Loops = [];

    /// <summary>Machine code of the function, when all that is left to interpret is calling it.</summary>
    internal nint Compiled { get; private init; }

    /// <summary>Behind the last step: where a function is that something else was called in the place of.</summary>
    internal Step* End => First + _steps.Length;

    internal int Count => _steps.Length;

    /// <summary>A function of one step, which calls machine code.</summary>
    internal static FunctionSteps Calling(int index, ModuleImage image, nint code)
    {
        var type = image.Functions[index];
        var (slots, references) = StepWriter.Extent(type.Parameters.AsSpan());
        var (resultSlots, resultReferences) = StepWriter.Extent(type.Results.AsSpan());
        var steps = GC.AllocateUninitializedArray<Step>(1, pinned: true);
        steps[0] = new Step { Code = StepCodes.CallCompiled };
        return new FunctionSteps(index, type, steps, [image.Bodies[index - image.ImportedFunctions].Start])
        {
            Compiled = code,
            Slots = Math.Max(slots, resultSlots),
            ParameterSlots = slots,
            VariableSlots = slots,
            References = (int)Math.Max(references, resultReferences),
            ParameterReferences = (int)references,
            ResultSlots = (int)resultSlots,
            ResultReferences = (int)resultReferences,
        };
    }

    /// <summary>The number of a step.</summary>
    internal int PositionOf(Step* step) => (int)(step - First);

    /// <summary>Where the instruction of a step begins in the module.</summary>
    internal int OffsetOf(Step* step) => _offsets[Math.Clamp(PositionOf(step), 0, _offsets.Length - 1)];
}

/// <summary>A block that catches exceptions thrown by the steps from <paramref name="Start"/> up to <paramref name="End"/>.</summary>
/// <param name="Slot">Where what an exception carries goes.</param>
/// <param name="Reference">Where references that it carries go.</param>
sealed record CatchRange(int Start, int End, uint Slot, int Reference, CatchClause[] Clauses, int[] Landings);
