using System.Buffers;

namespace Allotrope.Artery;

/// <summary>A heartbeat, core to service.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Sent">In microseconds, echoed by the answer.</param>
/// <param name="RequestingState">The service is to answer with its whole state.</param>
/// <param name="StateVersion">Of the merged state that the sender has.</param>
/// <param name="State">What changed since the version this receiver has confirmed; <see langword="null"/> when nothing did.</param>
/// <param name="Passed">For origins whose numbers changed since the last beat.</param>
/// <param name="Pulse">Mean latency of this artery in microseconds; <see langword="null"/> before the first answer.</param>
public sealed record Beat(
    long Number, long Sent, bool RequestingState, long StateVersion, StateChange? State, IReadOnlyList<PassedCount> Passed, long? Pulse)
{
    public void Write(IBufferWriter<byte> output)
    {
        var cbor = new CborWriter(output);
        cbor.Array(7);
        cbor.Integer(Number);
        cbor.Integer(Sent);
        cbor.Boolean(RequestingState);
        cbor.Integer(StateVersion);
        if (State is null)
            cbor.Null();
        else
        {
            cbor.Array(3);
            cbor.Integer(State.From);
            StateMap.WriteServices(cbor, State.Services);
            cbor.Boolean(State.Full);
        }

        cbor.Array(Passed.Count);
        foreach (var passed in Passed)
            passed.Write(cbor);
        if (Pulse is { } pulse)
            cbor.Integer(pulse);
        else
            cbor.Null();
    }

    /// <exception cref="ArteryException">It is malformed.</exception>
    public static Beat Read(ReadOnlySpan<byte> content)
    {
        var cbor = new CborReader(content);
        cbor.ReadArray(7);
        var beat = new Beat(
            cbor.ReadCount(), cbor.ReadInteger(), cbor.ReadBoolean(), cbor.ReadCount(), ReadState(ref cbor), ReadPassed(ref cbor),
            cbor.TryReadNull() ? null : cbor.ReadCount());
        cbor.ExpectEnd();
        return beat;
    }

    static StateChange? ReadState(ref CborReader cbor)
    {
        if (cbor.TryReadNull())
            return null;
        cbor.ReadArray(3);
        return new StateChange(cbor.ReadCount(), StateMap.ReadServices(ref cbor), cbor.ReadBoolean());
    }

    static List<PassedCount> ReadPassed(ref CborReader cbor)
    {
        // A list, because memory is taken for what has been read and not for what is announced
        List<PassedCount> passed = [];
        for (var left = cbor.ReadArray(); left > 0; left--)
            passed.Add(PassedCount.Read(ref cbor));
        return passed;
    }
}

/// <summary>A change of the merged state.</summary>
/// <param name="From">The version it changes.</param>
/// <param name="Services">By service and key the new value; <see cref="StateMap.Removed"/> removes.</param>
/// <param name="Full">It is the whole state, whatever was known before.</param>
public sealed record StateChange(long From, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Services, bool Full);
