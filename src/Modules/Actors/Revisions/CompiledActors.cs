using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>Turns artifacts into verified, compiled actors.</summary>
sealed class CompiledActors(ArtifactStore store, TimeProvider time, CodeCache? code) : IDisposable
{
    readonly CompiledOnce<CompiledActor> _compiled = new(store);
    readonly CompileOptions _options = new() { Cache = code };

    /// <exception cref="FaultException">
    /// The artifact is not here, damaged, not signed by whom it says, or no valid WebAssembly module; the sentence says which.
    /// </exception>
    public Task<CompiledActor> GetAsync(string digest, CancellationToken cancellation) =>
        _compiled.GetAsync(digest, content => Compile(digest, content), cancellation);

    /// <summary>The same actor, compiled to be sampled; kept for as long as the caller does.</summary>
    public Task<CompiledActor> MakeSampledAsync(CompiledActor actor, CancellationToken cancellation) => _compiled.MakeAsync(
        actor.Digest,
        content => actor with { Module = Module.Compile(content, new CompileOptions { Sampled = true, Tier = Tier.Compiled }) },
        cancellation);

    public void Dispose() => _compiled.Dispose();

    CompiledActor Compile(string digest, byte[] content)
    {
        var claims = SignedModule.Read(content, time);
        try
        {
            var module = Module.Compile(content, _options);
            if (content.Length <= ActorLimits.PreparedBytes)
                module.Prepare();
            return new CompiledActor(digest, claims, module);
        }
        catch (InvalidModuleException error)
        {
            throw new FaultException(new Fault.Invalid($"byte {error.ByteOffset}",
                $"Actor {claims.Description.Name} is no valid WebAssembly module: {error.Message} Build it again, or sign what the compiler made."), error);
        }
    }
}
