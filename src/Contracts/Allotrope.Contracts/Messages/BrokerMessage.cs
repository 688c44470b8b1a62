namespace Allotrope.Contracts;

/// <summary>A message between components, as they publish it on <see cref="Subjects.Topic"/>.</summary>
/// <param name="Subject">As the component called it.</param>
/// <param name="Body">Not written to after sending.</param>
/// <param name="ReplyTo">The subject on which an answer is expected, if any.</param>
public sealed record BrokerMessage(string Subject, ReadOnlyMemory<byte> Body, string? ReplyTo = null)
{
    /// <summary>Which form the body has. Told by <c>wasi:messaging</c> alone; <c>wasmcloud:messaging</c> has no word for it.</summary>
    public string? ContentType { get; init; }

    /// <summary>Likewise; nobody but the components reads it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init => field = value ?? []; } = []; // a message that has come without any has null here
}
