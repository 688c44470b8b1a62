using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>What there is to know of a component's file without running it.</summary>
/// <param name="Digest">The name an artifact store keeps it under.</param>
/// <param name="Exports">Interfaces and functions, by name.</param>
public sealed record ComponentInspection(string Digest, int Bytes, IReadOnlyList<ComponentImport> Imports, IReadOnlyList<string> Exports)
{
    /// <summary>Nothing of it is run, so that nothing need be compiled: of an engine for JavaScript that takes far longer than to validate it.</summary>
    static readonly ComponentOptions Unrun = new() { MaxComponentBytes = ActorLimits.ArtifactBytes, Modules = new CompileOptions { Tier = Tier.Interpreted } };

    /// <summary>Validates the component and looks at the types of its imports and exports.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>: no valid component.</exception>
    public static ComponentInspection Of(ReadOnlySpan<byte> wasm)
    {
        var component = Compile(wasm);
        var missing = ComponentGrants.For([]).Missing(component).ToHashSet();
        return new(
            ArtifactStore.Digest(wasm),
            wasm.Length,
            [.. component.Type.Imports.Keys.Select(name => missing.Contains(name) ? ComponentImport.NotGranted(name) : new ComponentImport(name, Grant.Everyone, []))],
            [.. component.Type.Exports.Keys]);
    }

    static Component Compile(ReadOnlySpan<byte> wasm)
    {
        if (!Component.IsComponent(wasm))
            throw new FaultException(new Fault.Invalid("byte 0", "the file is no WebAssembly component; write 'type: actor' if it is a module that speaks wasmbus, or make a component of it"));
        try
        {
            return Component.Compile(wasm, Unrun);
        }
        catch (InvalidComponentException error)
        {
            throw new FaultException(new Fault.Invalid("the component", $"the file is no valid component: {error.Message}; build it again"), error);
        }
    }
}
