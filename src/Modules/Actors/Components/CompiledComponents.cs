using System.Collections.Concurrent;
using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>Turns artifacts into compiled components, once per digest for as long as any revision uses it, one at a time on a thread of its own.</summary>
sealed class CompiledComponents(ArtifactStore store, CodeCache? code) : IDisposable
{
    readonly ConcurrentDictionary<string, WeakReference<CompiledComponent>> _known = new();
    readonly SemaphoreSlim _compiling = new(1);
    readonly ComponentOptions _options = new() { MaxComponentBytes = ActorLimits.ArtifactBytes, Modules = new CompileOptions { Cache = code } };

    /// <exception cref="FaultException">The artifact is not here, damaged, or no valid component; the sentence says which.</exception>
    public async Task<CompiledComponent> GetAsync(string workload, string digest, CancellationToken cancellation)
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
                () => Compile(workload, digest, content), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            _known[digest] = new WeakReference<CompiledComponent>(compiled);
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

    public void Dispose() => _compiling.Dispose();

    CompiledComponent? Find(string digest) =>
        _known.TryGetValue(digest, out var reference) && reference.TryGetTarget(out var compiled) ? compiled : null;

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
