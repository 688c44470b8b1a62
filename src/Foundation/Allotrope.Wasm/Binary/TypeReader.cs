namespace Allotrope.Wasm;

/// <summary>Reads the types of values. References to defined types are indices into the module's list of types.</summary>
static class TypeReader
{
    const byte NullableReference = 0x63;
    const byte Reference = 0x64;
    const byte PackedI8 = 0x78;
    const byte PackedI16 = 0x77;

    internal static WasmType ReadValue(ref BinaryCursor cursor, ModuleImage image) => ReadSketch(ref cursor, image.Types, 0).Known.Type;

    /// <summary>A reference type.</summary>
    internal static WasmType ReadReference(ref BinaryCursor cursor, ModuleImage image)
    {
        var at = cursor.Position;
        var type = ReadValue(ref cursor, image);
        return type.IsReference ? type : throw new InvalidModuleException($"malformed reference type {type}", at);
    }

    /// <summary>What a reference refers to, as instructions name it.</summary>
    internal static WasmType ReadHeap(ref BinaryCursor cursor, ModuleImage image, bool nullable) =>
        ReadHeapSketch(ref cursor, image.Types, 0, nullable).Known.Type;

    /// <summary>A value type in the definition of a type, which may refer to <paramref name="groupSize"/> types that are not known yet.</summary>
    internal static FieldSketch ReadSketch(ref BinaryCursor cursor, List<DefinedType> known, int groupSize)
    {
        var at = cursor.Position;
        var code = cursor.Byte();
        return code switch
        {
            NullableReference or Reference => ReadHeapSketch(ref cursor, known, groupSize, nullable: code == NullableReference),
            _ when IsNumber(code) || IsAbstract(code) => new FieldSketch(new FieldType((ValueKind)code)),
            _ => throw new InvalidModuleException($"malformed value type 0x{code:x2}", at),
        };
    }

    /// <summary>A field of a struct or the element of an array: a value type or a packed one, and whether it can be written.</summary>
    internal static FieldSketch ReadField(ref BinaryCursor cursor, List<DefinedType> known, int groupSize)
    {
        FieldSketch storage;
        switch (cursor.Peek())
        {
            case PackedI8 or PackedI16:
                var packing = cursor.Byte() == PackedI8 ? Packing.I8 : Packing.I16;
                storage = new FieldSketch(new FieldType(ValueKind.I32, Packing: packing));
                break;
            default:
                storage = ReadSketch(ref cursor, known, groupSize);
                break;
        }

        var at = cursor.Position;
        return cursor.Byte() switch
        {
            0 => storage,
            1 => new FieldSketch(storage.Known with { IsMutable = true }, storage.Place),
            _ => throw new InvalidModuleException("malformed mutability", at),
        };
    }

    static FieldSketch ReadHeapSketch(ref BinaryCursor cursor, List<DefinedType> known, int groupSize, bool nullable)
    {
        var at = cursor.Position;
        var code = cursor.S33();
        if (code < 0)
        {
            return code >= -64 && IsAbstract((byte)(code & 0x7F))
                ? new FieldSketch(new FieldType(WasmType.Reference((ValueKind)(code & 0x7F), nullable)))
                : throw new InvalidModuleException($"malformed heap type {code}", at);
        }

        if (code < known.Count)
            return new FieldSketch(new FieldType(WasmType.Reference(known[(int)code], nullable)));
        // Only whether it may be null is of interest of the placeholder's type.
        return code < known.Count + groupSize
            ? new FieldSketch(new FieldType(WasmType.Reference(ValueKind.AnyRef, nullable)), (int)code - known.Count)
            : throw new InvalidModuleException($"unknown type {code}", at);
    }

    static bool IsNumber(byte code) => (ValueKind)code is ValueKind.I32 or ValueKind.I64 or ValueKind.F32 or ValueKind.F64 or ValueKind.V128;

    static bool IsAbstract(byte code) => (ValueKind)code is >= ValueKind.ExnRef and <= ValueKind.NoExnRef;
}
