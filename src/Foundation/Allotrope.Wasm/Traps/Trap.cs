using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Wasm;

/// <summary>The guest did something WebAssembly forbids, or was stopped. Its store and instance stay usable.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "the specification's word")]
public sealed class Trap : Exception
{
    IReadOnlyList<WasmFrame>? _wasmStack;

    /// <summary>A trap a host function may throw to stop the guest that called it.</summary>
    public Trap(TrapKind kind) : base(Describe(kind)) => Kind = kind;

    /// <summary>What the processor found out: the guest's frames down to the host are in the exception that the runtime made of it.</summary>
    internal Trap(TrapKind kind, NullReferenceException fault) : base(Describe(kind), fault) => Kind = kind;

    public TrapKind Kind { get; }

    /// <summary>
    /// The WebAssembly functions that were running, innermost first, at most <see cref="TrapStack.MostFrames"/>; host functions between them
    /// are left out.
    /// Worked out when first asked for.
    /// </summary>
    public IReadOnlyList<WasmFrame> WasmStack => _wasmStack ??= [.. TrapStack.Of(this, InnerException).Concat(Suspended ?? []).Take(TrapStack.MostFrames)];

    public override string ToString() =>
        WasmStack.Count == 0 ? base.ToString() : $"{Message}\n{string.Join("\n", WasmStack.Select(frame => $"   at {frame}"))}\n{base.ToString()}";

    /// <summary>
    /// The interpreted functions that were running, innermost first, with their variables and operands, when <see cref="Store.InspectTraps"/> asked for it.
    /// </summary>
    public IReadOnlyList<InspectedFrame> Inspected => InspectedFrames ?? [];

    internal List<InspectedFrame>? InspectedFrames { get; set; }

    /// <summary>Functions that were suspended when others of the same call trapped, innermost first.</summary>
    internal List<WasmFrame>? Suspended { get; set; }

    internal InterpretedTrace? Interpreted { get; set; }

    /// <summary>What compiled code throws.</summary>
    internal static Trap Of(int kind) => new((TrapKind)kind);

    /// <summary>What compiled code throws that knows its place.</summary>
    internal static Trap At(int kind, int byteOffset) => new((TrapKind)kind) { ByteOffset = byteOffset };

    /// <summary>Where in its module the instruction is that trapped, when compiled code itself said so.</summary>
    internal int? ByteOffset { get; private init; }

    /// <summary>The words the specification's tests use, where they have any.</summary>
    static string Describe(TrapKind kind) => kind switch
    {
        TrapKind.Unreachable => "unreachable executed",
        TrapKind.MemoryOutOfBounds => "out of bounds memory access",
        TrapKind.TableOutOfBounds => "out of bounds table access",
        TrapKind.UndefinedElement => "undefined element",
        TrapKind.UninitializedElement => "uninitialized element",
        TrapKind.IndirectCallTypeMismatch => "indirect call type mismatch",
        TrapKind.IntegerDivideByZero => "integer divide by zero",
        TrapKind.IntegerOverflow => "integer overflow",
        TrapKind.InvalidConversionToInteger => "invalid conversion to integer",
        TrapKind.NullReference => "null reference",
        TrapKind.CastFailure => "cast failure",
        TrapKind.ArrayOutOfBounds => "out of bounds array access",
        TrapKind.HeapExhausted => "heap exhausted",
        TrapKind.StackExhausted => "call stack exhausted",
        TrapKind.UnalignedAtomic => "unaligned atomic",
        TrapKind.ExpectedSharedMemory => "expected shared memory",
        TrapKind.Interrupted => "interrupted by the host",
        TrapKind.FuelExhausted => "all fuel consumed",
        _ => kind.ToString(),
    };
}
