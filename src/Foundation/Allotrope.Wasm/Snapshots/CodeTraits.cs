namespace Allotrope.Wasm;

/// <summary>What of a module's compilation changes what its code does: fuel and the choices of deterministic code. Speed and memory modes do not.</summary>
readonly record struct CodeTraits(bool Fuel, bool Deterministic)
{
    internal static CodeTraits Of(Module module) => new(module.Options.Fuel, module.Options.Deterministic);

    internal static CodeTraits Read(StateReader from) => new(from.Flag(), from.Flag());

    internal void Write(StateWriter to)
    {
        to.Byte(Fuel ? (byte)1 : (byte)0);
        to.Byte(Deterministic ? (byte)1 : (byte)0);
    }

    /// <exception cref="SnapshotException">They are others.</exception>
    internal void Check(CodeTraits found)
    {
        if (found != this)
        {
            throw new SnapshotException(
                $"the module was compiled with Fuel={Fuel} and Deterministic={Deterministic}, and is now with Fuel={found.Fuel} and Deterministic={found.Deterministic}");
        }
    }
}
