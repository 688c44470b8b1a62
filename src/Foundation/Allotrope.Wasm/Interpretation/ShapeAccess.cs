using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>How the interpreter makes structs of a shape and reaches their fields: by their distance from the first field of the object.</summary>
sealed class ShapeAccess
{
    static readonly ConditionalWeakTable<StructShape, ShapeAccess> Known = [];

    readonly Func<DefinedType, GuestStruct> _make;
    readonly int[] _offsets;

    ShapeAccess(StructShape shape, DefinedType type)
    {
        _make = Maker(shape);
        _offsets = new int[shape.Fields.Length];
        Measure(shape)(_make(type), _offsets);
    }

    internal static ShapeAccess Of(StructType type) => Known.GetValue(type.Shape, shape => new ShapeAccess(shape, type));

    internal GuestStruct Make(StructType type) => _make(type);

    /// <summary>A field as what it holds.</summary>
    internal ref T Field<T>(GuestObject made, int field) =>
        ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref Unsafe.As<DefinedType, byte>(ref Unsafe.AsRef(in made.Definition)), _offsets[field]));

    static Func<DefinedType, GuestStruct> Maker(StructShape shape)
    {
        var method = new DynamicMethod("Make", typeof(GuestStruct), [typeof(DefinedType)], typeof(GuestStruct).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, shape.Constructor);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<DefinedType, GuestStruct>>();
    }

    static Action<GuestStruct, int[]> Measure(StructShape shape)
    {
        var method = new DynamicMethod("Measure", null, [typeof(GuestStruct), typeof(int[])], typeof(GuestStruct).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var definition = typeof(GuestObject).GetField(
            nameof(GuestObject.Definition), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!;
        for (var i = 0; i < shape.Fields.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.LoadInt32(i);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldflda, shape.Fields[i]);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldflda, definition);
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Conv_I4);
            il.Emit(OpCodes.Stelem_I4);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Action<GuestStruct, int[]>>();
    }
}
