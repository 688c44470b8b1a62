namespace Allotrope.Wasm;

/// <summary>Why a guest was stopped.</summary>
public enum TrapKind
{
    /// <summary>It executed <c>unreachable</c>.</summary>
    Unreachable,

    /// <summary>A load, store or bulk operation outside its memory.</summary>
    MemoryOutOfBounds,

    /// <summary>A table instruction outside the table.</summary>
    TableOutOfBounds,

    /// <summary>An indirect call of an index outside the table.</summary>
    UndefinedElement,

    /// <summary>An indirect call of a null element.</summary>
    UninitializedElement,

    /// <summary>An indirect call of a function with another signature.</summary>
    IndirectCallTypeMismatch,

    IntegerDivideByZero,

    /// <summary>The quotient of the smallest integer and -1, or a float too large for the integer it is converted to.</summary>
    IntegerOverflow,

    /// <summary>NaN converted to an integer.</summary>
    InvalidConversionToInteger,

    /// <summary>Null where an instruction needs a function, struct, array, integer or exception.</summary>
    NullReference,

    /// <summary>A reference was cast to a type that it is not of.</summary>
    CastFailure,

    /// <summary>An array instruction outside the array.</summary>
    ArrayOutOfBounds,

    /// <summary>The guests of a store keep more alive than <see cref="StoreLimits.HeapBytes"/>, or ask for an array that is larger.</summary>
    HeapExhausted,

    /// <summary>Calls are nested deeper than <see cref="StoreLimits.StackBytes"/> or the thread's stack allows.</summary>
    StackExhausted,

    /// <summary>An atomic access at an address that is no multiple of its width.</summary>
    UnalignedAtomic,

    /// <summary>A wait in a memory that is not shared.</summary>
    ExpectedSharedMemory,

    /// <summary><see cref="Store.Interrupt"/> was called.</summary>
    Interrupted,

    /// <summary><see cref="Store.Fuel"/> is used up.</summary>
    FuelExhausted,
}
