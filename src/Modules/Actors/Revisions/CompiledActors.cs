using System.Collections.Concurrent;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// Turns artifacts into verified, compiled actors, once per digest for as long as any revision uses it. One is compiled at a time, on a thread of
/// its own: compiling takes about a millisecond per KiB, and calls go on meanwhile.
/// </summary>
sealed class CompiledActors(ArtifactStore store, TimeProvider time, CodeCache? code) : IDisposable
{
    readonly ConcurrentDictionary<string, WeakReference<CompiledActor>> _known = new();
    readonly SemaphoreSlim _compiling = new(1);
    readonly CompileOptions _options = new() { Cache = code };

    /// <exception cref="FaultException">
    /// The artifact is not here, damaged, not signed by whom it says, or no valid WebAssembly module; the sentence says which.
    /// </exception>
    public async Task<CompiledActor> GetAsync(string digest, CancellationToken cancellation)
    {
        if (Find(digest) is { } known)
            return known;
        await _compiling.WaitAsync(cancellation);
        try
        {
            if (Find(digest) is { } justCompiled)
                return justCompiled;
            var content = await store.ReadAsync(digest, cancellation);
            var compiled = await Task.Factory.StartNew(
                () => Compile(digest, content), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            _known[digest] = new WeakReference<CompiledActor>(compiled);
            foreach (var (old, reference) in _known)
                if (!reference.TryGetTarget(out _))
                    _known.TryRemove(old, out _);
            return compiled;
        }
        finally
        {
            _compiling.Release();
        }
    }

    /// <summary>The same actor, compiled to be sampled; kept for as long as the caller does.</summary>
    public async Task<CompiledActor> MakeSampledAsync(CompiledActor actor, CancellationToken cancellation)
    {
        await _compiling.WaitAsync(cancellation);
        try
        {
            var content = await store.ReadAsync(actor.Digest, cancellation);
            return await Task.Factory.StartNew(
                () => actor with { Module = Module.Compile(content, new CompileOptions { Sampled = true, Tier = Tier.Compiled }) },
                cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _compiling.Release();
        }
    }

    public void Dispose() => _compiling.Dispose();

    CompiledActor? Find(string digest) =>
        _known.TryGetValue(digest, out var reference) && reference.TryGetTarget(out var compiled) ? compiled : null;

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
