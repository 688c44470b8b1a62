using System.Text.Json.Serialization;

namespace Allotrope.Contracts;

/// <summary>One operation of <c>wasi:keyvalue</c>: keys are any text, values are bytes. A text that an actor keeps is its UTF-8 here.</summary>
[JsonDerivedType(typeof(Get), "get")]
[JsonDerivedType(typeof(Set), "set")]
[JsonDerivedType(typeof(Delete), "delete")]
[JsonDerivedType(typeof(Exists), "exists")]
[JsonDerivedType(typeof(List), "list")]
[JsonDerivedType(typeof(Increment), "increment")]
[JsonDerivedType(typeof(Swap), "swap")]
public abstract record KeyValueOperation
{
    /// <summary>Answered by <see cref="KeyValueReply.Entries"/>, one for each key.</summary>
    public sealed record Get(IReadOnlyList<string> Keys) : KeyValueOperation;

    /// <summary>Each value by itself is written wholly or not; of one that cannot be, none is.</summary>
    public sealed record Set(IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Values) : KeyValueOperation;

    /// <summary>What is not there is passed over.</summary>
    public sealed record Delete(IReadOnlyList<string> Keys) : KeyValueOperation;

    /// <summary>Answered by <see cref="KeyValueReply.Found"/>.</summary>
    public sealed record Exists(string Key) : KeyValueOperation;

    /// <summary>Answered by <see cref="KeyValueReply.Keys"/>, in an order that stays the same.</summary>
    /// <param name="After">What <see cref="KeyValueReply.Next"/> of the page before said; <see langword="null"/> to begin.</param>
    public sealed record List(string? After) : KeyValueOperation;

    /// <summary>Adds to the number that a value is in decimal digits, 0 when absent. Answered by <see cref="KeyValueReply.Number"/>.</summary>
    /// <param name="Least">The sum must not be less, nor more than <paramref name="Most"/>.</param>
    public sealed record Increment(string Key, Int128 By, Int128 Least, Int128 Most) : KeyValueOperation;

    /// <summary>Writes only if the value is the one of that revision. Answered by <see cref="KeyValueReply.Found"/>: whether it was.</summary>
    /// <param name="Revision">As <see cref="KeyValueEntry.Revision"/>; 0 when there was none.</param>
    public sealed record Swap(string Key, ReadOnlyMemory<byte> Value, long Revision) : KeyValueOperation;
}
