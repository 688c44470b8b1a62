namespace Allotrope.Wasm;

/// <summary>
/// What sort of value a <see cref="WasmType"/> is: a number, or a reference by the heap type it refers to. The numbers are the codes in the binary
/// format. Where a <see cref="WasmType"/> is expected, a kind of reference stands for the nullable one.
/// </summary>
public enum ValueKind : byte
{
    /// <summary>32-bit integer; signedness is the instruction's business. <see cref="int"/> in .NET.</summary>
    I32 = 0x7F,

    /// <summary>64-bit integer. <see cref="long"/> in .NET.</summary>
    I64 = 0x7E,

    /// <summary>IEEE 754 binary32. <see cref="float"/> in .NET.</summary>
    F32 = 0x7D,

    /// <summary>IEEE 754 binary64. <see cref="double"/> in .NET.</summary>
    F64 = 0x7C,

    /// <summary>128 bits in lanes that each instruction chooses. <c>Vector128&lt;byte&gt;</c> in .NET.</summary>
    V128 = 0x7B,

    /// <summary>A function. <see cref="Function"/> in .NET.</summary>
    FuncRef = 0x70,

    /// <summary>Any object of the host. <see cref="object"/> in .NET.</summary>
    ExternRef = 0x6F,

    /// <summary>Anything of the guest's heap, or an object of the host that was brought in. <see cref="object"/> in .NET.</summary>
    AnyRef = 0x6E,

    /// <summary>What can be compared by identity: structs, arrays and small integers. <see cref="object"/> in .NET.</summary>
    EqRef = 0x6D,

    /// <summary>An integer of 31 bits as a reference. <see cref="object"/> in .NET.</summary>
    I31Ref = 0x6C,

    /// <summary>A struct. <see cref="object"/> in .NET.</summary>
    StructRef = 0x6B,

    /// <summary>An array. <see cref="object"/> in .NET.</summary>
    ArrayRef = 0x6A,

    /// <summary>A caught exception. <see cref="object"/> in .NET.</summary>
    ExnRef = 0x69,

    /// <summary>No function: null alone.</summary>
    NoFuncRef = 0x73,

    /// <summary>No object of the host: null alone.</summary>
    NoExternRef = 0x72,

    /// <summary>Nothing on the guest's heap: null alone.</summary>
    NoneRef = 0x71,

    /// <summary>No exception: null alone.</summary>
    NoExnRef = 0x74,
}
