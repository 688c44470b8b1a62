namespace Allotrope.Wasi.Filesystem;

/// <summary>A directory of the host that a guest is granted.</summary>
/// <param name="HostPath">Where it is.</param>
/// <param name="GuestPath">What the guest calls it, such as <c>/</c> or <c>/data</c>.</param>
public sealed record Preopen(string HostPath, string GuestPath)
{
    /// <summary>The guest may look but not change anything in it.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>What the guest may take of the disk in it, with all others who have the same; null: whatever there is.</summary>
    public DiskRoom? Room { get; init; }

    /// <summary>Walks paths step by step although the kernel could: for tests on a kernel that can.</summary>
    internal bool Stepwise { get; init; }
}
