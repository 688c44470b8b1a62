using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>What somebody wants of a key.</summary>
/// <param name="Value"><see langword="null"/> to delete.</param>
/// <param name="Expected">The revision the key must have; <see langword="null"/> for any.</param>
readonly record struct BucketWrite(
    string Key, ReadOnlyMemory<byte>? Value, long? Expected = null, DateTimeOffset? Expires = null, WriteCause Cause = WriteCause.Caller);

/// <summary>Who asks: expiry does nothing where a caller would meet a conflict.</summary>
enum WriteCause
{
    Caller,
    Expiry,
}

/// <summary>What happened to a key.</summary>
/// <param name="Value"><see langword="null"/> when it was removed.</param>
readonly record struct BucketChange(string Key, ReadOnlyMemory<byte>? Value, long Revision, DateTimeOffset? Expires);

/// <summary>The answer to a write: a change, a fault, or neither when there was nothing to delete.</summary>
readonly record struct BucketVerdict(BucketChange? Change, Fault? Fault = null);
