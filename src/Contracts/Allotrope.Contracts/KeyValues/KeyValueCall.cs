namespace Allotrope.Contracts;

/// <summary>What a workload asks of a key-value provider on <see cref="Subjects.KeyValue"/>. The answer is a <see cref="KeyValueReply"/>.</summary>
/// <param name="Origin">The calling workload.</param>
/// <param name="LinkName">Which of its links to the provider; it decides whose data it is.</param>
public sealed record KeyValueCall(string Origin, string LinkName, KeyValueOperation Operation);
