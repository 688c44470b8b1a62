namespace Allotrope.Lattice;

/// <summary>One message on the bus. Immutable; in process it is handed over by reference, so its memory must not be written after sending.</summary>
/// <param name="Subject">Dot-separated tokens without wildcards, at most <see cref="LatticeLimits.SubjectLength"/> bytes.</param>
/// <param name="Payload">Bytes, or a typed value that is serialised only when it leaves the process.</param>
/// <param name="Headers">Name and value pairs; <see langword="null"/> for none.</param>
/// <param name="ReplyTo">The subject an answer is expected on, if any.</param>
public readonly record struct Message(string Subject, Payload Payload = default, Headers? Headers = null, string? ReplyTo = null);
