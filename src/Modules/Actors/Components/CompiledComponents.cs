using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>Turns artifacts into compiled components.</summary>
sealed class CompiledComponents(ArtifactStore store, CodeCache? code) : IDisposable
{
    readonly CompiledOnce<CompiledComponent> _compiled = new(store);
    readonly ComponentOptions _options = new()
    {
        MaxComponentBytes = ActorLimits.ArtifactBytes,
        Modules = new CompileOptions { Cache = code, Suspendable = SuspendableImports.All },
    };

    /// <exception cref="FaultException">The artifact is not here, damaged, or no valid component; the sentence says which.</exception>
    public Task<CompiledComponent> GetAsync(string workload, string digest, CancellationToken cancellation) =>
        _compiled.GetAsync(digest, content => Compile(workload, digest, content), cancellation);

    public void Dispose() => _compiled.Dispose();

    CompiledComponent Compile(string workload, string digest, byte[] content)
    {
        if (!Component.IsComponent(content))
            throw new FaultException(new Fault.Invalid("image",
                $"The image of {workload} is a WebAssembly module and no component: write 'type: actor' if it speaks wasmbus, or make a component of it."));
        try
        {
            return new CompiledComponent(digest, Component.Compile(content, _options));
        }
        catch (InvalidComponentException error)
        {
            throw new FaultException(new Fault.Invalid("image", $"The image of {workload} is no valid component: {error.Message}. Build it again."), error);
        }
    }
}
