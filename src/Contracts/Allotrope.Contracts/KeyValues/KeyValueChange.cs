using System.Text.Json.Serialization;

namespace Allotrope.Contracts;

/// <summary>What a key-value provider tells a component that watches a bucket, on <see cref="Subjects.Change"/>. The answer is a <see cref="MessageOutcome"/>.</summary>
/// <param name="Provider">The provider's workload.</param>
/// <param name="Bucket">As links call it.</param>
[JsonDerivedType(typeof(Written), "written")]
[JsonDerivedType(typeof(Deleted), "deleted")]
[JsonDerivedType(typeof(Missed), "missed")]
public abstract record KeyValueChange(string Provider, string Bucket)
{
    /// <param name="Value">Not to be written to.</param>
    public sealed record Written(string Provider, string Bucket, string Key, ReadOnlyMemory<byte> Value) : KeyValueChange(Provider, Bucket);

    /// <summary>Deleted by somebody, or at the end of its life.</summary>
    public sealed record Deleted(string Provider, string Bucket, string Key) : KeyValueChange(Provider, Bucket);

    /// <summary>The component was too slow, and changes of which it was not told are forgotten.</summary>
    public sealed record Missed(string Provider, string Bucket) : KeyValueChange(Provider, Bucket);
}
