namespace Allotrope.Components;

/// <summary>What asynchronous functions of the Component Model give core code that is to wait.</summary>
static class Blocked
{
    internal static Wasm.Value Value => Wasm.Value.FromInt32(-1);

    /// <summary>The same of the width of an address.</summary>
    internal static Wasm.Value Of(Wasm.WasmType type) => Flat.ToValue(uint.MaxValue, type);
}
