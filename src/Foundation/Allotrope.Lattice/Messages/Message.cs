namespace Allotrope.Lattice;

/// <summary>One message on the bus. Immutable; in process it is handed over by reference, so its memory must not be written after sending.</summary>
/// <param name="Subject">Dot-separated tokens without wildcards, at most <see cref="LatticeLimits.SubjectLength"/> bytes.</param>
/// <param name="Payload">Bytes, or a typed value that is serialised only when it leaves the process.</param>
/// <param name="Headers">Name and value pairs; <see langword="null"/> for none.</param>
/// <param name="ReplyTo">The subject an answer is expected on, if any.</param>
public readonly record struct Message(string Subject, Payload Payload = default, Headers? Headers = null, string? ReplyTo = null)
{
    /// <summary>
    /// Bytes of any number that follow a request or a reply, <see langword="null"/> for none. Whoever receives it abandons it in the end. Only within one
    /// process so far: a bus that crosses processes refuses such a message.
    /// </summary>
    public ByteStream? Body { get; init; }
}
