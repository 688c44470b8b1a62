namespace Allotrope.Wasm;

/// <summary>A struct or array of a guest. It belongs to the .NET collector like any object; a guest cannot forge one.</summary>
public abstract class GuestObject
{
    /// <summary>What it was made as; read by compiled code.</summary>
    internal readonly DefinedType Definition;

    /// <summary>How often the host has written to a struct or array on this thread.</summary>
    [ThreadStatic]
    internal static long HostWrites;

    private protected GuestObject(DefinedType definition) => Definition = definition;

    /// <summary>The type it was made as.</summary>
    public DefinedType Type => Definition;
}
