namespace Allotrope.Wasi.Clocks;

/// <summary><c>wasi:clocks/wall-clock</c>.</summary>
public sealed class WallClock(TimeProvider time) : IWallClock
{
    public Datetime Now() => time.WallTime();

    /// <summary>What the class library's dates resolve.</summary>
    public Datetime Resolution() => new(0, 100);
}
