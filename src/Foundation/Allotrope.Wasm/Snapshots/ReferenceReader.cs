using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>
/// Reads references into a new instance. All objects are made first and filled then, so that they may refer to one another in any way; what is put
/// anywhere is checked against the place's type, as a file may say anything.
/// </summary>
sealed class ReferenceReader(Instance instance, IHostObjectCodec? codec)
{
    /// <summary>Fewest bytes of an object in a file: its sort and its type.</summary>
    const int LeastObject = 2;

    object[] _hosts = [];
    object[] _objects = [];

    /// <summary>Bytes that the contents of the objects made so far take at least: none are announced twice.</summary>
    long _announced;

    internal void ReadObjects(StateReader from)
    {
        _hosts = new object[from.Count("objects of the host")];
        for (var i = 0; i < _hosts.Length; i++)
        {
            var bytes = from.Bytes("an object of the host");
            _hosts[i] = (codec ?? throw new SnapshotException("the snapshot holds objects of the host: give the codec that wrote them")).Read(bytes.Span);
        }

        _objects = new object[from.Count("objects", LeastObject)];
        for (var i = 0; i < _objects.Length; i++)
            _objects[i] = Make(from);
        foreach (var made in _objects)
            Fill(from, made);
    }

    internal object? Read(StateReader from) => (ReferenceTag)from.Byte() switch
    {
        ReferenceTag.Null => null,
        ReferenceTag.I31 => SmallInteger(from),
        ReferenceTag.Function => instance.FunctionAt(from.Index(instance.Functions.Length, "function")),
        ReferenceTag.Object => _objects[from.Index(_objects.Length, "object")],
        ReferenceTag.Host => _hosts[from.Index(_hosts.Length, "object of the host")],
        ReferenceTag.Import => instance.Globals[from.Index(instance.Module.Image.ImportedGlobals, "imported global")]!.Reference,
        var other => throw from.Wrong($"{(byte)other} is no sort of reference"),
    };

    /// <summary>A reference that a place of the type may hold.</summary>
    internal object? Read(StateReader from, WasmType type)
    {
        var read = Read(from);
        return type.Accepts(read) ? read : throw from.Wrong($"{read ?? "null"} stands where {type} is expected");
    }

    internal Value ReadValue(StateReader from, WasmType type) => type.Kind switch
    {
        ValueKind.V128 => Value.FromVector128((Vector128<byte>)StoredBytes.Read(from, typeof(Vector128<byte>))),
        var kind when kind.IsReference => Value.FromReference(kind, Read(from, type)),
        var kind => Value.FromBits(kind, Narrow(from, kind)),
    };

    /// <summary>The bits of a number, with nothing above them: how <see cref="Value"/> keeps them is sign-extended.</summary>
    internal static long Narrow(StateReader from, ValueKind kind)
    {
        var bits = from.Bits();
        return kind is ValueKind.I64 or ValueKind.F64 || bits == (int)bits ? bits : throw from.Wrong($"0x{bits:x} has more bits than {kind.Name}");
    }

    I31 SmallInteger(StateReader from)
    {
        var coded = from.Number();
        if (coded >> 31 != 0)
            throw from.Wrong($"{coded} has more than 31 bits");
        return I31.Of((int)StateReader.Signed(coded), instance);
    }

    object Make(StateReader from)
    {
        var sort = (ObjectTag)from.Byte();
        if (sort == ObjectTag.Exception)
        {
            var tag = instance.Tags[from.Index(instance.Tags.Length, "tag")];
            Announce(from, tag.Type.Parameters.Length);
            return GuestException.Restore(Array.ConvertAll([.. tag.Type.Parameters], type => Value.Zero(type.Kind)), tag, instance);
        }

        var type = instance.Types[from.Index(instance.Types.Length, "type")];
        return (sort, type) switch
        {
            (ObjectTag.Struct, StructType structure) => MakeStruct(from, structure),
            (ObjectTag.Array, ArrayType array) => MakeArray(from, array),
            _ => throw from.Wrong($"an object of sort {(byte)sort} has the type {type}"),
        };
    }

    object MakeStruct(StateReader from, StructType type)
    {
        Announce(from, type.Fields.Length);
        return Counted(type.Shape.Constructor.Invoke([type]), type.Shape.ObjectBytes);
    }

    object MakeArray(StateReader from, ArrayType type)
    {
        var stored = type.Element.ClrType;
        var width = type.Element.Type.IsReference ? 1 : StoredBytes.WidthOf(stored);
        var length = from.Count("elements of an array", width);
        Announce(from, (long)length * width);
        var bytes = (long)length * Math.Max(width, type.Element.Type.IsReference ? nint.Size : 1);
        instance.Guard.Heap.Ask(bytes);
        return Counted(new GuestArray(type, Array.CreateInstance(stored, length)), bytes + nint.Size);
    }

    void Announce(StateReader from, long bytes)
    {
        _announced += bytes;
        if (_announced > from.Remaining)
            throw from.Wrong($"objects of {_announced} bytes are announced, more than the {from.Remaining} that are left");
    }

    object Counted(object made, long bytes) => HeapBudget.Count(made, bytes, instance.Guard.Heap);

    void Fill(StateReader from, object made)
    {
        switch (made)
        {
            case GuestStruct structure:
                var type = (StructType)structure.Type;
                for (var i = 0; i < type.Fields.Length; i++)
                    type.Shape.Fields[i].SetValue(structure, ReadField(from, type.Fields[i]));
                break;
            case GuestArray { Items: object?[] references } array:
                var element = ((ArrayType)array.Type).Element.Type;
                for (var i = 0; i < references.Length; i++)
                    references[i] = Read(from, element);
                break;
            case GuestArray array:
                var bytes = StoredBytes.Of(array.Items);
                from.Raw(bytes.Length).CopyTo(bytes);
                break;
            case GuestException thrown:
                for (var i = 0; i < thrown.Tag.Type.Parameters.Length; i++)
                    thrown.Put(i, ReadValue(from, thrown.Tag.Type.Parameters[i]));
                break;
        }
    }

    object? ReadField(StateReader from, in FieldType type) =>
        type.Type.IsReference ? Read(from, type.Type) : StoredBytes.Read(from, type.ClrType);
}
