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

    internal int Count => _steps.Length;

    /// <summary>The number of a step.</summary>
    internal int PositionOf(Step* step) => (int)(step - First);

    /// <summary>Where the instruction of a step begins in the module.</summary>
    internal int OffsetOf(Step* step) => _offsets[Math.Clamp(PositionOf(step), 0, _offsets.Length - 1)];
}

/// <summary>A block that catches exceptions thrown by the steps from <paramref name="Start"/> up to <paramref name="End"/>.</summary>
/// <param name="Slot">Where what an exception carries goes.</param>
/// <param name="Reference">Where references that it carries go.</param>
sealed record CatchRange(int Start, int End, uint Slot, int Reference, CatchClause[] Clauses, int[] Landings);
