namespace Allotrope.Wasm;

/// <summary>What kind of exception is thrown: its identity and the types of the values it carries. Modules import and export tags.</summary>
public sealed class Tag
{
    /// <param name="values">Types of the values that exceptions of this tag carry.</param>
    public Tag(params ReadOnlySpan<WasmType> values)
        : this(FunctionType.Of(values, []))
    {
    }

    internal Tag(FunctionType type) => Type = type;

    /// <summary>Its parameters are what exceptions carry.</summary>
    public FunctionType Type { get; }
}
