namespace Allotrope.Components;

/// <summary>How a copy ended.</summary>
enum CopyResult
{
    Completed = 0,

    /// <summary>The other end is gone.</summary>
    Dropped = 1,
    Cancelled = 2,
}
