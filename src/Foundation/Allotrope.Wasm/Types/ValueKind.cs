namespace Allotrope.Wasm;

/// <summary>A WebAssembly value type. The numbers are its codes in the binary format.</summary>
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

    /// <summary>A function or null. <see cref="Function"/> in .NET.</summary>
    FuncRef = 0x70,

    /// <summary>Any object of the host or null. <see cref="object"/> in .NET.</summary>
    ExternRef = 0x6F,
}
