namespace Allotrope.Wasm;

/// <summary>How value types are called in text and represented in .NET.</summary>
static class ValueKinds
{
    /// <summary>How many value types there are.</summary>
    internal const int Count = 6;

    extension(ValueKind kind)
    {
        internal bool IsReference => kind is ValueKind.FuncRef or ValueKind.ExternRef;

        /// <summary>The name in the WebAssembly text format.</summary>
        internal string Name => kind switch
        {
            ValueKind.I32 => "i32",
            ValueKind.I64 => "i64",
            ValueKind.F32 => "f32",
            ValueKind.F64 => "f64",
            ValueKind.FuncRef => "funcref",
            ValueKind.ExternRef => "externref",
            _ => $"0x{(byte)kind:x2}",
        };

        internal Type ClrType => kind switch
        {
            ValueKind.I32 => typeof(int),
            ValueKind.I64 => typeof(long),
            ValueKind.F32 => typeof(float),
            ValueKind.F64 => typeof(double),
            ValueKind.FuncRef => typeof(Function),
            _ => typeof(object),
        };
    }

    /// <summary>The value type a .NET parameter or result stands for, or null when there is none.</summary>
    internal static ValueKind? Of(Type type) =>
        type == typeof(int) || type == typeof(uint) ? ValueKind.I32
        : type == typeof(long) || type == typeof(ulong) ? ValueKind.I64
        : type == typeof(float) ? ValueKind.F32
        : type == typeof(double) ? ValueKind.F64
        : type == typeof(Function) ? ValueKind.FuncRef
        : type == typeof(object) ? ValueKind.ExternRef
        : null;
}
