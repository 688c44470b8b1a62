namespace Allotrope.Artery;

/// <summary>
/// A named event. It borrows its data from a buffer that is used again, so it lives on the stack; what should stay must be copied.
/// </summary>
/// <param name="name">See <see cref="IntentName"/>.</param>
/// <param name="sequence">What its origin has built, counted from 1.</param>
/// <param name="time">When it was built, in microseconds since 1970-01-01 UTC; see <see cref="ArteryTime"/>.</param>
/// <param name="data">One CBOR item of the restricted form, at most <see cref="ArteryLimits.IntentBytes"/>; empty is null.</param>
/// <param name="ack">The number to answer with when it has arrived; <see langword="null"/> when nobody asks.</param>
public readonly ref struct Intent(string name, Origin origin, long sequence, long time, ReadOnlySpan<byte> data, long? ack = null)
{
    public string Name { get; } = name;

    public Origin Origin { get; } = origin;

    public long Sequence { get; } = sequence;

    public long Time { get; } = time;

    public ReadOnlySpan<byte> Data { get; } = data;

    public long? Ack { get; } = ack;
}
