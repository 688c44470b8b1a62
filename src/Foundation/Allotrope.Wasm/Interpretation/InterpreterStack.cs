using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// The frames of a store's interpreted functions: numbers in memory of its own, references in an array, and who called whom. While code of ours runs
/// the fields say where the innermost function is.
/// </summary>
sealed unsafe partial class InterpreterStack : IDisposable
{
    /// <summary>Memory is asked for in multiples of this.</summary>
    const int Granularity = 64 << 10;

    /// <summary>Stack that a call takes at least, so that functions without variables cannot nest for ever.</summary>
    const int SmallestFrameBytes = 32;

    /// <summary>More than any function has in variables and operands: what those of deterministic guests find beyond the budget for their calls.</summary>
    internal const int MostOfOneFrame = 2 << 20;

    readonly Reservation _memory;
    readonly int _mostFrames;

    internal readonly Guard Guard;
    internal readonly long* Limit;

    internal CallerFrame[] Callers = new CallerFrame[16];
    internal object?[] References = new object?[16];

    /// <summary>How many callers there are.</summary>
    internal int Depth;

    /// <summary>Callers that belong to other entries from the host or compiled code; the function with so many was entered last.</summary>
    internal int Base;

    /// <summary>The step that runs, as of when something last could trap or call.</summary>
    internal Step* Ip;
    internal long* Frame;
    internal int FirstReference;
    internal FunctionSteps? Code;
    internal Instance? Instance;
    internal long[] Cells = [];
    internal byte* Memory;

    /// <summary>The functions of the instance's module that were called before.</summary>
    internal FunctionSteps?[] Functions = [];

    internal InterpreterStack(int stackBytes, Guard guard)
    {
        Guard = guard;
        var bytes = ((nuint)Math.Max(stackBytes, 0) + (2 * (nuint)Granularity)) & ~((nuint)Granularity - 1);
        _memory = new Reservation(bytes);
        if (!_memory.TryCommit(0, bytes))
            throw new LinkException($"the system has no {bytes} bytes for an interpreter's stack");
        Start = (long*)_memory.Start;
        Limit = Start + (Math.Max(stackBytes, 0) / sizeof(long));
        _mostFrames = Math.Max(stackBytes, 0) / SmallestFrameBytes;
    }

    long* Start { get; }

    /// <summary>Where the frame of the next entry begins.</summary>
    internal long* Free => Code is null ? Start : Frame + Code.Slots;

    internal int FreeReference => Code is null ? 0 : FirstReference + Code.References;

    /// <summary>Asks for room for arguments and results before a function is entered.</summary>
    /// <exception cref="Trap">There is not that much.</exception>
    internal long* Ask(uint slots, int references)
    {
        if (Limit - Free < slots)
            throw new Trap(TrapKind.StackExhausted);
        Reserve(FreeReference + references);
        return Free;
    }

    /// <summary>Makes sure that there are so many references.</summary>
    internal void Reserve(int references)
    {
        if (references <= References.Length)
            return;
        if (references > Limit - Start)
            throw new Trap(TrapKind.StackExhausted);
        Array.Resize(ref References, Math.Max(references, References.Length * 2));
    }

    /// <summary>Room for one more caller.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal CallerFrame[] GrowCallers()
    {
        if (Callers.Length >= _mostFrames)
            throw new Trap(TrapKind.StackExhausted);
        Array.Resize(ref Callers, Callers.Length * 2);
        return Callers;
    }

    /// <summary>Goes back to the innermost caller.</summary>
    internal void Leave()
    {
        Guard.StackLeft += Code!.StackCost;
        ref var caller = ref Callers[Depth--];
        Ip = caller.Ip;
        Frame = caller.Frame;
        FirstReference = caller.FirstReference;
        Code = caller.Code;
        if (Instance != caller.Instance)
            Use(caller.Instance);
    }

    /// <summary>From now on code of this instance runs.</summary>
    internal void Use(Instance? instance)
    {
        Instance = instance;
        Cells = instance?.Cells ?? [];
        Functions = instance?.Steps!.Known ?? [];
        Memory = (byte*)(instance?.MemoryBase ?? 0);
    }

    /// <summary>Forgets what frames that are gone referred to.</summary>
    internal void Forget()
    {
        for (var i = Depth + 1; i < Callers.Length && Callers[i].Instance is not null; i++)
            Callers[i] = default;
    }

    /// <summary>Forgets references that compiled code has taken over.</summary>
    internal static void Forget(InterpreterStack stack, int first, int count) => Array.Clear(stack.References, first, count);

    public void Dispose() => _memory.Dispose();
}

/// <summary>A function that waits for one it called.</summary>
unsafe struct CallerFrame
{
    /// <summary>The step that called.</summary>
    internal Step* Ip;
    internal long* Frame;
    internal int FirstReference;
    internal FunctionSteps? Code;
    internal Instance? Instance;

    /// <summary>Whether something else was called in the function's place: it waits only for the results.</summary>
    internal readonly bool IsLeft => Ip == Code!.End;
}
