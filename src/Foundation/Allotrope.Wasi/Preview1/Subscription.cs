using System.Buffers.Binary;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Preview1;

/// <summary>One thing that <c>poll_oneoff</c> waits for.</summary>
/// <param name="User">The guest's, given back with the event.</param>
/// <param name="Kind">0 a clock, 1 to read, 2 to write.</param>
/// <param name="Source">What to wait for; null when there is an error instead.</param>
/// <param name="Bytes">How many may be read or written when it is ready, as far as known.</param>
sealed record Subscription(ulong User, byte Kind, IWaitable? Source, ErrorNumber Error, ulong Bytes = 0)
{
    /// <summary>Bytes of a subscription and of an event in the guest's memory.</summary>
    public const int Size = 48, EventSize = 32;

    public bool HasHappened => Source is null or { Ready: true };

    public void WriteEvent(Span<byte> result)
    {
        result.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(result, User);
        BinaryPrimitives.WriteUInt16LittleEndian(result[8..], (ushort)Error);
        result[10] = Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(result[16..], Bytes);
    }
}
