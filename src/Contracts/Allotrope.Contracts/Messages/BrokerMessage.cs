namespace Allotrope.Contracts;

/// <summary>A message of <c>wasmcloud:messaging</c>, as components publish it on <see cref="Subjects.Topic"/>.</summary>
/// <param name="Subject">As the component called it.</param>
/// <param name="Body">Not written to after sending.</param>
/// <param name="ReplyTo">The subject on which an answer is expected, if any.</param>
public sealed record BrokerMessage(string Subject, ReadOnlyMemory<byte> Body, string? ReplyTo = null);

/// <param name="Error">What the component said is wrong with a message; <see langword="null"/> when it has handled it.</param>
public sealed record MessageOutcome(string? Error = null);
