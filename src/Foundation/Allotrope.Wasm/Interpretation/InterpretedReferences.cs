using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>References, structs and small integers.</summary>
static unsafe class InterpretedReferences
{
    internal static void Do(RareStep rare, InterpreterStack stack, Step* step, long* operands, long* result)
    {
        ref readonly var instruction = ref rare.Instruction;
        var references = stack.References.AsSpan(stack.FirstReference);
        var (to, from) = ((int)step->A, step->C);
        switch (instruction.Opcode)
        {
            case Opcode.RefIsNull: *(int*)result = references[from] is null ? 1 : 0; break;
            case Opcode.RefFunc: references[to] = stack.Instance!.FunctionAt(instruction.Index); break;
            case Opcode.RefEq: *(int*)result = I31.AreSame(references[from], references[from + 1]) ? 1 : 0; break;
            case Opcode.RefAsNonNull: references[to] = NonNull(references[from]); break;
            case Opcode.RefTest or Opcode.RefTestNull: *(int*)result = Is(instruction.Type, references[from]) ? 1 : 0; break;
            case Opcode.RefCast or Opcode.RefCastNull:
                references[to] = Is(instruction.Type, references[from]) ? references[from] : throw new Trap(TrapKind.CastFailure);
                break;
            case Opcode.AnyConvertExtern or Opcode.ExternConvertAny: references[to] = references[from]; break;
            case Opcode.RefI31: references[to] = I31.Of(*(int*)operands << 1 >> 1, stack.Instance!); break;
            case Opcode.I31GetS: *(int*)result = ((I31)NonNull(references[from])).Value; break;
            case Opcode.I31GetU: *(int*)result = ((I31)NonNull(references[from])).Value & int.MaxValue; break;
            case Opcode.ArrayLen: *(int*)result = ((GuestArray)NonNull(references[from])).Length; break;
            case <= Opcode.StructSet: Struct(rare, stack, step, operands, result); break;
            default: ((ArrayAccess)rare.Data!).Do(instruction, stack, operands, stack.FirstReference + from, step->A); break;
        }
    }

    /// <summary>Whether a branch on a reference is taken.</summary>
    internal static bool Goes(in Instruction instruction, object? reference) => instruction.Opcode switch
    {
        Opcode.BrOnNull => reference is null,
        Opcode.BrOnNonNull => reference is not null,
        Opcode.BrOnCast => Is(instruction.Type, reference),
        _ => !Is(instruction.Type, reference),
    };

    static object NonNull(object? reference) => reference ?? throw new Trap(TrapKind.NullReference);

    static bool Is(WasmType type, object? reference)
    {
        if (reference is null)
            return type.IsNullable;
        if (type.Definition is { } definition)
        {
            return definition is FunctionType
                ? Casts.IsFunctionOfType(reference, false, definition.Id, definition.Depth)
                : Casts.IsOfDeepType(reference, false, definition.Id, definition.Depth);
        }

        return type.Kind switch
        {
            ValueKind.I31Ref => reference is I31,
            ValueKind.EqRef => Casts.IsEq(reference, false),
            ValueKind.StructRef => reference is GuestStruct,
            ValueKind.ArrayRef => reference is GuestArray,
            ValueKind.NoneRef or ValueKind.NoFuncRef or ValueKind.NoExternRef or ValueKind.NoExnRef => false,
            _ => true,
        };
    }

    static void Struct(RareStep rare, InterpreterStack stack, Step* step, long* operands, long* result)
    {
        var type = (StructType)rare.Data!;
        var access = rare.Access ??= ShapeAccess.Of(type);
        var references = stack.References.AsSpan(stack.FirstReference);
        ref readonly var instruction = ref rare.Instruction;
        switch (instruction.Opcode)
        {
            case Opcode.StructNew or Opcode.StructNewDefault:
                var made = access.Make(type);
                if (instruction.Opcode == Opcode.StructNew)
                    Fill(made, type, access, operands, references[step->C..]);
                references[(int)step->A] = HeapBudget.Count(made, type.Shape.ObjectBytes, stack.Guard.Heap);
                break;
            case Opcode.StructSet:
                Set((GuestObject)NonNull(references[step->C]), access, instruction.Second, type.Fields[instruction.Second], operands, references, step->C + 1);
                break;
            default:
                Get((GuestObject)NonNull(references[step->C]), access, instruction, type.Fields[instruction.Second], result, ref references[(int)Math.Min(step->A, references.Length - 1)]);
                break;
        }
    }

    static void Fill(GuestStruct made, StructType type, ShapeAccess access, long* operands, Span<object?> references)
    {
        var reference = 0;
        for (var i = 0; i < type.Fields.Length; i++)
        {
            var field = type.Fields[i];
            Set(made, access, i, field, operands, references, reference);
            if (field.Type.IsReference)
                reference++;
            else
                operands += field.Type.Kind == ValueKind.V128 ? 2 : 1;
        }
    }

    static void Set(GuestObject made, ShapeAccess access, int field, FieldType type, long* value, Span<object?> references, int reference)
    {
        switch (type)
        {
            case { Packing: Packing.I8 }: access.Field<byte>(made, field) = *(byte*)value; break;
            case { Packing: Packing.I16 }: access.Field<ushort>(made, field) = *(ushort*)value; break;
            case { Type.IsReference: true }: access.Field<object?>(made, field) = references[reference]; break;
            case { Type.Kind: ValueKind.V128 }: access.Field<Vector128<byte>>(made, field) = *(Vector128<byte>*)value; break;
            case { Type.Kind: ValueKind.I32 or ValueKind.F32 }: access.Field<int>(made, field) = *(int*)value; break;
            default: access.Field<long>(made, field) = *value; break;
        }
    }

    static void Get(GuestObject made, ShapeAccess access, in Instruction instruction, FieldType type, long* result, ref object? reference)
    {
        var field = instruction.Second;
        switch (type)
        {
            case { Packing: Packing.I8 }:
                var narrow = access.Field<byte>(made, field);
                *(int*)result = instruction.Opcode == Opcode.StructGetS ? (sbyte)narrow : narrow;
                break;
            case { Packing: Packing.I16 }:
                var half = access.Field<ushort>(made, field);
                *(int*)result = instruction.Opcode == Opcode.StructGetS ? (short)half : half;
                break;
            case { Type.IsReference: true }: reference = access.Field<object?>(made, field); break;
            case { Type.Kind: ValueKind.V128 }: *(Vector128<byte>*)result = access.Field<Vector128<byte>>(made, field); break;
            case { Type.Kind: ValueKind.I32 or ValueKind.F32 }: *(int*)result = access.Field<int>(made, field); break;
            default: *result = access.Field<long>(made, field); break;
        }
    }
}
