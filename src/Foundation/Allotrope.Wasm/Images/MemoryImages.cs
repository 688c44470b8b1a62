namespace Allotrope.Wasm;

/// <summary>
/// The images of a module's memories: what its active data segments write, as far as that is known from the module alone. Segments are written in
/// order and one that does not fit leaves those before it written, so the images hold the first segments up to one whose place is not constant, that
/// does not fit the memory's minimum, or that is for an imported memory; it and what follows are copied.
/// </summary>
sealed class MemoryImages
{
    /// <summary>Mapping costs a system call and dearer page faults than fresh memory's: less than this is copied as fast.</summary>
    internal const int FewestBytes = 16 << 10;

    /// <summary>A larger range is mostly gaps: mapped gaps take memory when they are read.</summary>
    const long MostBytes = 256 << 20;

    MemoryImages(MemoryImage?[] byMemory, int covered)
    {
        ByMemory = byMemory;
        Covered = covered;
    }

    /// <summary>The images by index of the memory; null where a memory has none.</summary>
    internal MemoryImage?[] ByMemory { get; }

    /// <summary>How many data segments, from the first, are in the images as far as they are active.</summary>
    internal int Covered { get; }

    /// <summary>Null when there is too little to be worth it, or the system does not do it.</summary>
    internal static MemoryImages? TryCreate(ModuleImage module)
    {
        var parts = new List<(long Address, ReadOnlyMemory<byte> Bytes)>[module.Memories.Count];
        var covered = 0;
        foreach (var segment in module.DataSegments)
        {
            if (segment.Mode == SegmentMode.Active)
            {
                // Shared memories may be in use when they are filled.
                if (segment.PlaceIn(module) is not { } address || module.Memories[segment.Target].Limits.IsShared)
                    break;
                if (segment.Bytes.Length > 0)
                    (parts[segment.Target] ??= []).Add(((long)address, segment.Bytes));
            }

            covered++;
        }

        var images = new MemoryImage?[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] is null)
                continue;
            images[i] = TryCreate(parts[i]);
            if (images[i] is null)
                return null;
        }

        return Array.TrueForAll(images, image => image is null) ? null : new MemoryImages(images, covered);
    }

    static MemoryImage? TryCreate(List<(long Address, ReadOnlyMemory<byte> Bytes)> segments)
    {
        var (start, end) = (segments.Min(part => part.Address), segments.Max(part => part.Address + part.Bytes.Length));
        return segments.Sum(part => (long)part.Bytes.Length) < FewestBytes || end - start > MostBytes
            ? null
            : MemoryImage.TryCreate(segments, start, end);
    }
}
