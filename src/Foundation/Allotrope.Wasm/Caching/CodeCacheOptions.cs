namespace Allotrope.Wasm;

/// <summary>How a <see cref="CodeCache"/> keeps its files.</summary>
public sealed record CodeCacheOptions
{
    /// <summary>Bytes of all files together; beyond it those used longest ago go. One module's code is kept whatever its size. Default: 512 MiB.</summary>
    public long MaxBytes { get; init; } = 512L << 20;

    /// <summary>
    /// A secret that entries are sealed with, of which nothing may be known to who could write to the folder. Empty: entries have a digest only, so the
    /// folder's owner is trusted with running code in this process, as is usual.
    /// </summary>
    public ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>
    /// Takes a sentence about an entry that was refused or could not be kept. The module is compiled then, as without a cache: nothing fails for it. Any
    /// thread may call it.
    /// </summary>
    public Action<string>? OnProblem { get; init; }

    /// <summary>Says when an entry was used.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
