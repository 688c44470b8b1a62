using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>The other side of <see cref="Crossings"/>: gives the objects of a replay the numbers that those of the recording had.</summary>
sealed class Numbered : IHostObjectCodec
{
    readonly Dictionary<object, int> _guestNumbers = new(ReferenceEqualityComparer.Instance);
    readonly List<object> _guestObjects = [];
    readonly Dictionary<int, HostStandIn> _hostObjects = [];

    /// <summary>Whose functions are meant; set once it is there.</summary>
    internal Instance? Instance { get; set; }

    byte[] IHostObjectCodec.Write(object value)
    {
        var to = new StateWriter();
        to.Number(_hostObjects.First(known => ReferenceEquals(known.Value, value)).Key);
        return to.Written.ToArray();
    }

    object IHostObjectCodec.Read(ReadOnlySpan<byte> bytes)
    {
        var from = new StateReader(bytes.ToArray());
        var stand = StandIn(from.Index(int.MaxValue, "object of the host"));
        from.End();
        return stand;
    }

    /// <summary>A value that the host gives.</summary>
    /// <exception cref="DamagedStateException">The log does not say one of the type.</exception>
    internal Value Read(StateReader from, WasmType type)
    {
        if (!type.IsReference)
            return ReadNumber(from, type.Kind);
        var reference = ReadReference(from);
        return type.Accepts(reference) ? Value.FromReference(type.Kind, reference) : throw from.Wrong($"{reference ?? "null"} stands where {type} is expected");
    }

    /// <summary>Reads what the guest gave when it was recorded.</summary>
    /// <returns>Null when it gives the same now, otherwise what it was.</returns>
    internal string? Compare(StateReader from, WasmType type, in Value now)
    {
        if (!type.IsReference)
        {
            var recorded = ReadNumber(from, type.Kind);
            return recorded == now ? null : recorded.ToString();
        }

        return (ReferenceTag)from.Byte() switch
        {
            ReferenceTag.Null => now.Reference is null ? null : "null",
            ReferenceTag.I31 => ReadSmall(from) is var small && small.Equals(now.Reference) ? null : small.ToString(),
            ReferenceTag.Function => from.Index(Instance!.Functions.Length, "function") is var index && ReferenceEquals(Instance.Functions[index], now.Reference)
                ? null
                : $"function {index}",
            ReferenceTag.Host => from.Index(int.MaxValue, "object of the host") is var number && ReferenceEquals(StandIn(number), now.Reference)
                ? null
                : $"object {number} of the host",
            ReferenceTag.Object => from.Index(_guestObjects.Count + 1, "object") is var number && IsObject(number, now.Reference) ? null : $"object {number} of the guest",
            var other => throw from.Wrong($"{(byte)other} is no sort of reference"),
        };
    }

    object? ReadReference(StateReader from) => (ReferenceTag)from.Byte() switch
    {
        ReferenceTag.Null => null,
        ReferenceTag.I31 => ReadSmall(from),
        ReferenceTag.Function when Instance is { } instance => instance.FunctionAt(from.Index(instance.Functions.Length, "function")),
        ReferenceTag.Host => StandIn(from.Index(int.MaxValue, "object of the host")),
        ReferenceTag.Object => _guestObjects[from.Index(_guestObjects.Count, "object")],
        var other => throw from.Wrong($"{(byte)other} is no sort of reference here"),
    };

    static Value ReadNumber(StateReader from, ValueKind kind)
    {
        switch (kind)
        {
            case ValueKind.I32 or ValueKind.I64:
                var bits = StateReader.Signed(from.Number());
                return kind == ValueKind.I64 || bits == (int)bits ? Value.FromBits(kind, bits) : throw from.Wrong($"{bits} is no i32");
            case ValueKind.F32: return Value.FromBits(kind, MemoryMarshal.Read<int>(from.Raw(sizeof(int))));
            case ValueKind.F64: return Value.FromBits(kind, from.Bits());
            default: return Value.FromVector128((Vector128<byte>)StoredBytes.Read(from, typeof(Vector128<byte>)));
        }
    }

    static I31 ReadSmall(StateReader from) => new((int)StateReader.Signed(from.AtMost(int.MaxValue, "small integer")));

    /// <summary>Whether an object is the one with the number; one that crosses first now gets the next.</summary>
    bool IsObject(int number, object? now)
    {
        if (now is not (GuestObject or GuestException))
            return false;
        if (_guestNumbers.TryGetValue(now, out var known))
            return known == number;
        if (number != _guestObjects.Count)
            return false;
        _guestNumbers[now] = number;
        _guestObjects.Add(now);
        return true;
    }

    HostStandIn StandIn(int number) =>
        _hostObjects.TryGetValue(number, out var known) ? known : _hostObjects[number] = new HostStandIn(number);
}
