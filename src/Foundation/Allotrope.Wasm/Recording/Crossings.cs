using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// Values that cross between host and guest, with numbers for the objects among them: the same number for the same object, in the order in which they
/// cross first. A replay gives its own objects the same numbers, so it can tell whether the guest hands over the same ones.
/// </summary>
sealed class Crossings(Instance instance) : IHostObjectCodec
{
    readonly Dictionary<object, int> _numbers = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<object, int> _functions = new(ReferenceEqualityComparer.Instance);
    int _guestObjects;
    int _hostObjects;

    /// <param name="to">Takes it.</param>
    /// <param name="value">Of a type that the reader knows.</param>
    /// <param name="isHosts">Whether the host gives it to the guest.</param>
    /// <exception cref="RecordException">A record does not hold it.</exception>
    internal void Write(StateWriter to, in Value value, bool isHosts)
    {
        switch (value.Kind)
        {
            case ValueKind.I32 or ValueKind.I64:
                to.Signed(value.Bits);
                break;
            case ValueKind.F32:
                to.Raw(MemoryMarshal.AsBytes([(int)value.Bits]));
                break;
            case ValueKind.F64:
                to.Bits(value.Bits);
                break;
            case ValueKind.V128:
                StoredBytes.Write(to, value.AsVector128());
                break;
            default:
                Write(to, value.Reference, isHosts);
                break;
        }
    }

    internal void Write(StateWriter to, object? reference, bool isHosts)
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
            case Function function:
                to.Byte((byte)ReferenceTag.Function);
                to.Number(IndexOf(function));
                break;
            case GuestObject or GuestException:
                to.Byte((byte)ReferenceTag.Object);
                if (isHosts && !_numbers.ContainsKey(reference))
                    throw new RecordException("the host gave the guest a struct, array or exception that it made itself, which a record does not hold");
                to.Number(NumberOf(reference, ref _guestObjects));
                break;
            default:
                to.Byte((byte)ReferenceTag.Host);
                to.Number(NumberOf(reference, ref _hostObjects));
                break;
        }
    }

    /// <summary>Place of a tag in the instance.</summary>
    internal int TagOf(Tag tag) => Array.IndexOf(instance.Tags, tag) is >= 0 and var index
        ? index
        : throw new RecordException("an exception of a tag was thrown that the instance does not have");

    /// <summary>An object of the host that the guest has already: what it is matters to nobody, only that it is the same.</summary>
    public byte[] Write(object value)
    {
        var to = new StateWriter();
        to.Number(NumberOf(value, ref _hostObjects));
        return to.Written.ToArray();
    }

    object IHostObjectCodec.Read(ReadOnlySpan<byte> bytes) => throw new InvalidOperationException("a recording writes objects and reads none");

    int NumberOf(object crossing, ref int last)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, crossing, out var known);
        return known ? number : number = last++;
    }

    int IndexOf(Function function)
    {
        if (_functions.TryGetValue(function, out var known))
            return known;
        var index = Array.IndexOf(instance.Functions, function);
        if (index < 0)
            throw new RecordException($"a {function} crossed that is not of this instance, which a record does not hold");
        return _functions[function] = index;
    }
}
