using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What a component may be and how its modules are compiled.</summary>
public sealed record ComponentOptions
{
    /// <summary>The options that hold when none are given.</summary>
    public static ComponentOptions Default { get; } = new();

    /// <summary>Bytes a component may have; 256 MiB when not said.</summary>
    public int MaxComponentBytes { get; init; } = 256 << 20;

    /// <summary>How the modules of the component are compiled.</summary>
    public CompileOptions Modules { get; init; } = CompileOptions.Default;
}
