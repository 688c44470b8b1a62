namespace Allotrope.Wasm;

/// <summary>
/// Which of the functions that a module imports may wait so that the guest is suspended: its frames leave the thread until the import has its result.
/// Functions from which none of them can be reached are compiled as ever.
/// </summary>
public sealed class SuspendableImports
{
    readonly HashSet<(string Module, string Name)>? _names;

    SuspendableImports(HashSet<(string Module, string Name)>? names) => _names = names;

    /// <summary>None: the thread waits.</summary>
    public static SuspendableImports None { get; } = new([]);

    /// <summary>All of them.</summary>
    public static SuspendableImports All { get; } = new(null);

    /// <summary>Those that are named here.</summary>
    public static SuspendableImports Of(params IEnumerable<(string Module, string Name)> imports) => new([.. imports]);

    internal bool IsNone => _names is { Count: 0 };

    internal bool IsAll => _names is null;

    internal bool Contains(string module, string name) => _names is null || _names.Contains((module, name));

    /// <summary>The same text for the same imports: it is part of what compiled code is found by.</summary>
    public override string ToString() => _names is null
        ? "all"
        : $"[{string.Join(' ', _names.Order().Select(import => $"{import.Module.Length}:{import.Module} {import.Name.Length}:{import.Name}"))}]";
}
