namespace Allotrope.Wasm;

/// <summary>
/// Writes references of one instance. Objects get numbers in the order in which they are met, and are described after everything else, one after the
/// other: a chain of a million objects needs no stack.
/// </summary>
sealed class ReferenceWriter
{
    readonly Dictionary<object, int> _numbers = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<object, int> _imports = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<object, int> _functions = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<DefinedType, int> _types = [];
    readonly List<object> _objects = [];
    readonly List<object> _hosts = [];
    readonly Instance _instance;
    readonly IHostObjectCodec? _codec;

    internal ReferenceWriter(Instance instance, IHostObjectCodec? codec)
    {
        (_instance, _codec) = (instance, codec);
        foreach (var (index, function) in instance.Functions.Index())
        {
            if (function is not null)
                _functions.TryAdd(function, index);
        }

        foreach (var (index, type) in instance.Types.Index())
            _types.TryAdd(type, index);
        for (var i = 0; i < instance.Module.Image.ImportedGlobals; i++)
        {
            if (instance.Globals[i] is { IsMutable: false, Reference: { } constant })
                _imports.TryAdd(constant, i);
        }
    }

    /// <param name="to">Takes it.</param>
    /// <param name="reference">What a variable, element or field holds.</param>
    /// <param name="place">Where it was met, for the sentence that refuses it.</param>
    /// <param name="index">Which of those.</param>
    /// <exception cref="SnapshotException">It belongs to somebody else.</exception>
    internal void Write(StateWriter to, object? reference, string place, long index)
    {
        switch (reference)
        {
            case null:
                to.Byte((byte)ReferenceTag.Null);
                break;
            case I31 small:
                to.Byte((byte)ReferenceTag.I31);
                to.Signed(small.Value);
                break;
            case not null when _imports.TryGetValue(reference, out var import):
                Put(to, ReferenceTag.Import, import);
                break;
            case Function function:
                Put(to, ReferenceTag.Function, _functions.TryGetValue(function, out var known) ? known : throw new SnapshotException(
                    $"{place} {index} holds a {function} that is not of this instance: instances that share functions cannot be captured apart"));
                break;
            case GuestObject or GuestException:
                Put(to, ReferenceTag.Object, NumberOf(reference, _objects));
                break;
            default:
                if (_codec is null)
                    throw new SnapshotException($"{place} {index} holds an object of the host ({reference.GetType().Name}): give a codec that writes it");
                Put(to, ReferenceTag.Host, NumberOf(reference, _hosts));
                break;
        }
    }

    /// <summary>Writes all that was met: objects of the host, then the sort and size of each object of the guest, then what each holds.</summary>
    internal void WriteObjects(StateWriter to)
    {
        var (sorts, contents) = (new StateWriter(), new StateWriter());
        for (var i = 0; i < _objects.Count; i++) // more are met on the way
            WriteObject(sorts, contents, _objects[i], i);
        to.Number(_hosts.Count);
        foreach (var host in _hosts)
        {
            to.Bytes(_codec!.Write(host) ?? throw new SnapshotException(
                $"the guest holds an object of the host ({host.GetType().Name}) that the codec does not write"));
        }

        to.Number(_objects.Count);
        to.Raw(sorts.Written.Span);
        to.Raw(contents.Written.Span);
    }

    void WriteObject(StateWriter sorts, StateWriter contents, object described, int number)
    {
        switch (described)
        {
            case GuestStruct made:
                Put(sorts, ObjectTag.Struct, TypeOf(made));
                foreach (var (index, field) in ((StructType)made.Type).Shape.Fields.Index())
                    WriteField(contents, ((StructType)made.Type).Fields[index], field.GetValue(made), number);
                break;
            case GuestArray made:
                Put(sorts, ObjectTag.Array, TypeOf(made));
                sorts.Number(made.Length);
                if (made.Items is object?[] references)
                {
                    foreach (var reference in references)
                        Write(contents, reference, "the elements of object", number);
                }
                else
                {
                    contents.Raw(StoredBytes.Of(made.Items));
                }

                break;
            case GuestException thrown:
                var tag = Array.IndexOf(_instance.Tags, thrown.Tag);
                if (tag < 0)
                    throw new SnapshotException($"object {number} is an exception of a tag that the instance does not have");
                Put(sorts, ObjectTag.Exception, tag);
                for (var i = 0; i < thrown.Values.Length; i++)
                    WriteValue(contents, thrown.Values[i], "the values of object", number);
                break;
        }
    }

    /// <summary>A value whose type the reader knows.</summary>
    internal void WriteValue(StateWriter to, in Value value, string place, long index)
    {
        if (value.Kind.IsReference)
            Write(to, value.Reference, place, index);
        else if (value.Kind == ValueKind.V128)
            StoredBytes.Write(to, value.AsVector128());
        else
            to.Bits(Narrow(value.Kind, value.Bits));
    }

    /// <summary>What is above a 32-bit number is left over from something else.</summary>
    internal static long Narrow(ValueKind kind, long bits) => kind is ValueKind.I32 or ValueKind.F32 ? (int)bits : bits;

    void WriteField(StateWriter to, in FieldType type, object? field, int number)
    {
        if (type.Type.IsReference)
            Write(to, field, "a field of object", number);
        else
            StoredBytes.Write(to, field!);
    }

    int TypeOf(GuestObject made) => _types.TryGetValue(made.Type, out var index) ? index : throw new SnapshotException(
        $"the guest holds an object of the type {made.Type}, which its module does not define: instances that share objects cannot be captured apart");

    int NumberOf(object met, List<object> list)
    {
        if (!_numbers.TryGetValue(met, out var number))
        {
            _numbers[met] = number = list.Count;
            list.Add(met);
        }

        return number;
    }

    static void Put(StateWriter to, ReferenceTag tag, int index)
    {
        to.Byte((byte)tag);
        to.Number(index);
    }

    static void Put(StateWriter to, ObjectTag tag, int index)
    {
        to.Byte((byte)tag);
        to.Number(index);
    }
}
