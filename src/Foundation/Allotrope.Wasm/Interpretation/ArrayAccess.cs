using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>The instructions on arrays of one kind of element, as the interpreter calls them: operands from a slot and a reference on.</summary>
abstract unsafe class ArrayAccess
{
    internal static ArrayAccess Of(FieldType element) => element switch
    {
        { Packing: Packing.I8 } => NumberArrays<byte>.Only,
        { Packing: Packing.I16 } => NumberArrays<ushort>.Only,
        _ => element.Type.Kind switch
        {
            ValueKind.I32 => NumberArrays<int>.Only,
            ValueKind.I64 => NumberArrays<long>.Only,
            ValueKind.F32 => NumberArrays<float>.Only,
            ValueKind.F64 => NumberArrays<double>.Only,
            ValueKind.V128 => NumberArrays<Vector128<byte>>.Only,
            _ when element.Type.ClrType == typeof(Function) => ReferenceArrays<Function>.Only,
            _ => ReferenceArrays<object>.Only,
        },
    };

    /// <summary>Does an instruction of arrays; what it makes or reads goes to slot or reference <paramref name="result"/>.</summary>
    internal abstract void Do(in Instruction instruction, InterpreterStack stack, long* slots, int references, uint result);

    protected static GuestArray NonNull(object? array) => array as GuestArray ?? throw new Trap(TrapKind.NullReference);

    protected static int Inside(GuestArray array, long index) =>
        (uint)index < (uint)array.Length ? (int)index : throw new Trap(TrapKind.ArrayOutOfBounds);
}

/// <summary>Arrays of numbers and vectors.</summary>
sealed unsafe class NumberArrays<T> : ArrayAccess
    where T : unmanaged
{
    internal static readonly NumberArrays<T> Only = new();

    static uint Width => (uint)Math.Max(1, sizeof(T) / sizeof(long));

    internal override void Do(in Instruction instruction, InterpreterStack stack, long* slots, int references, uint result)
    {
        var operands = stack.References.AsSpan(references);
        var instance = stack.Instance!;
        object made;
        switch (instruction.Opcode)
        {
            case Opcode.ArrayNew: made = Arrays.New(*(T*)slots, (int)slots[Width], instruction.Index, instance); break;
            case Opcode.ArrayNewDefault: made = Arrays.NewDefault<T>((int)*slots, instruction.Index, instance); break;
            case Opcode.ArrayNewFixed:
                var array = Arrays.NewFixed<T>(instruction.Second, instruction.Index, instance);
                var items = Unsafe.As<T[]>(array.Items);
                for (var i = 0; i < items.Length; i++)
                    items[i] = *(T*)(slots + (i * Width));
                made = array;
                break;
            case Opcode.ArrayNewData: made = Arrays.NewData<T>((int)*slots, (int)slots[1], instruction.Index, instruction.Second, instance); break;
            case Opcode.ArrayGet or Opcode.ArrayGetS or Opcode.ArrayGetU: Get(instruction.Opcode, NonNull(operands[0]), *slots, stack.Frame + result); return;
            case Opcode.ArraySet:
                var target = NonNull(operands[0]);
                Unsafe.As<T[]>(target.Items)[Inside(target, *slots)] = *(T*)(slots + 1);
                return;
            case Opcode.ArrayFill: Fill(operands[0], slots, instance); return;
            case Opcode.ArrayCopy: Copy(operands, slots, instance); return;
            default: InitData(instruction, operands[0], slots, instance); return;
        }

        stack.References[stack.FirstReference + (int)result] = made;
    }

    static void Get(Opcode opcode, GuestArray array, long index, long* result)
    {
        var item = Unsafe.As<T[]>(array.Items)[Inside(array, index)];
        if (typeof(T) == typeof(byte))
            *(int*)result = opcode == Opcode.ArrayGetS ? (sbyte)Unsafe.As<T, byte>(ref item) : Unsafe.As<T, byte>(ref item);
        else if (typeof(T) == typeof(ushort))
            *(int*)result = opcode == Opcode.ArrayGetS ? (short)Unsafe.As<T, ushort>(ref item) : Unsafe.As<T, ushort>(ref item);
        else
            *(T*)result = item;
    }

    static void Fill(object? array, long* slots, Instance instance) =>
        Arrays.Fill(array, (int)*slots, *(T*)(slots + 1), (int)slots[1 + Width], instance);

    static void Copy(Span<object?> operands, long* slots, Instance instance) =>
        Arrays.Copy<T>(operands[0], (int)slots[0], operands[1], (int)slots[1], (int)slots[2], instance);

    static void InitData(in Instruction instruction, object? array, long* slots, Instance instance) =>
        Arrays.InitData<T>(array, (int)slots[0], (int)slots[1], (int)slots[2], instruction.Second, instance);
}

/// <summary>Arrays of references.</summary>
sealed unsafe class ReferenceArrays<T> : ArrayAccess
    where T : class
{
    internal static readonly ReferenceArrays<T> Only = new();

    internal override void Do(in Instruction instruction, InterpreterStack stack, long* slots, int references, uint result)
    {
        var operands = stack.References.AsSpan(references);
        var instance = stack.Instance!;
        object made;
        switch (instruction.Opcode)
        {
            case Opcode.ArrayNew: made = Arrays.New(Unsafe.As<T>(operands[0])!, (int)*slots, instruction.Index, instance); break;
            case Opcode.ArrayNewDefault: made = Arrays.NewDefault<T>((int)*slots, instruction.Index, instance); break;
            case Opcode.ArrayNewFixed:
                var array = Arrays.NewFixed<T>(instruction.Second, instruction.Index, instance);
                var items = Unsafe.As<T[]>(array.Items);
                for (var i = 0; i < items.Length; i++)
                    items[i] = Unsafe.As<T>(operands[i])!;
                made = array;
                break;
            case Opcode.ArrayNewElem: made = Arrays.NewElements<T>((int)*slots, (int)slots[1], instruction.Index, instruction.Second, instance); break;
            case Opcode.ArrayGet:
                var source = NonNull(operands[0]);
                made = Unsafe.As<T[]>(source.Items)[Inside(source, *slots)];
                break;
            case Opcode.ArraySet:
                var target = NonNull(operands[0]);
                Unsafe.As<T[]>(target.Items)[Inside(target, *slots)] = Unsafe.As<T>(operands[1])!;
                return;
            case Opcode.ArrayFill: Arrays.Fill(operands[0], (int)*slots, Unsafe.As<T>(operands[1])!, (int)slots[1], instance); return;
            case Opcode.ArrayCopy: Arrays.Copy<T>(operands[0], (int)slots[0], operands[1], (int)slots[1], (int)slots[2], instance); return;
            default:
                Arrays.InitElements<T>(operands[0], (int)slots[0], (int)slots[1], (int)slots[2], instruction.Second, instance);
                return;
        }

        stack.References[stack.FirstReference + (int)result] = made;
    }
}
