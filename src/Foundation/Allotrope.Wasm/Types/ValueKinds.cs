using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>How kinds of values are called in text and represented in .NET.</summary>
static class ValueKinds
{
    /// <summary>How many .NET types represent values.</summary>
    internal const int Representations = 7;

    /// <summary>A reference of which nothing is known, in code that is never reached: it matches every reference. In no module's bytes.</summary>
    internal const ValueKind Bottom = default;

    extension(ValueKind kind)
    {
        internal bool IsReference => kind <= ValueKind.NoExnRef;

        /// <summary>A number that fits 64 bits.</summary>
        internal bool IsNumber => kind is ValueKind.I32 or ValueKind.I64 or ValueKind.F32 or ValueKind.F64;

        /// <summary>Bytes of stack that a variable takes.</summary>
        internal int SlotBytes => kind == ValueKind.V128 ? 16 : 8;

        /// <summary>The one kind that stands for all with the same .NET type.</summary>
        internal ValueKind Representation => kind switch
        {
            > ValueKind.NoExnRef => kind,
            ValueKind.FuncRef or ValueKind.NoFuncRef => ValueKind.FuncRef,
            _ => ValueKind.ExternRef,
        };

        /// <summary>The top of the hierarchy that a reference belongs to; no value is in two of them.</summary>
        internal ValueKind Family => kind switch
        {
            ValueKind.FuncRef or ValueKind.NoFuncRef => ValueKind.FuncRef,
            ValueKind.ExternRef or ValueKind.NoExternRef => ValueKind.ExternRef,
            ValueKind.ExnRef or ValueKind.NoExnRef => ValueKind.ExnRef,
            _ => kind.IsReference ? ValueKind.AnyRef : kind,
        };

        /// <summary>The name in the WebAssembly text format, of references the nullable one.</summary>
        internal string Name => kind switch
        {
            ValueKind.I32 => "i32",
            ValueKind.I64 => "i64",
            ValueKind.F32 => "f32",
            ValueKind.F64 => "f64",
            ValueKind.V128 => "v128",
            ValueKind.NoFuncRef => "nullfuncref",
            ValueKind.NoExternRef => "nullexternref",
            ValueKind.NoneRef => "nullref",
            ValueKind.NoExnRef => "nullexnref",
            _ => $"{kind.HeapName}ref",
        };

        /// <summary>What a reference refers to, as the text format calls it.</summary>
        internal string HeapName => kind switch
        {
            ValueKind.FuncRef => "func",
            ValueKind.ExternRef => "extern",
            ValueKind.AnyRef => "any",
            ValueKind.EqRef => "eq",
            ValueKind.I31Ref => "i31",
            ValueKind.StructRef => "struct",
            ValueKind.ArrayRef => "array",
            ValueKind.ExnRef => "exn",
            ValueKind.NoFuncRef => "nofunc",
            ValueKind.NoExternRef => "noextern",
            ValueKind.NoneRef => "none",
            ValueKind.NoExnRef => "noexn",
            _ => $"0x{(byte)kind:x2}",
        };

        internal Type ClrType => kind switch
        {
            ValueKind.I32 => typeof(int),
            ValueKind.I64 => typeof(long),
            ValueKind.F32 => typeof(float),
            ValueKind.F64 => typeof(double),
            ValueKind.V128 => typeof(Vector128<byte>),
            ValueKind.FuncRef or ValueKind.NoFuncRef => typeof(Function),
            _ => typeof(object),
        };
    }

    /// <summary>The value type a .NET parameter or result stands for, or null when there is none.</summary>
    internal static ValueKind? Of(Type type) =>
        type == typeof(int) || type == typeof(uint) ? ValueKind.I32
        : type == typeof(long) || type == typeof(ulong) ? ValueKind.I64
        : type == typeof(float) ? ValueKind.F32
        : type == typeof(double) ? ValueKind.F64
        : type == typeof(Vector128<byte>) ? ValueKind.V128
        : type == typeof(Function) ? ValueKind.FuncRef
        : type == typeof(object) ? ValueKind.ExternRef
        : null;
}
