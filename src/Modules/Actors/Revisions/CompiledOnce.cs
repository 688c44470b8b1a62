using System.Collections.Concurrent;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// What artifacts are compiled to, once per digest for as long as anybody uses it. One is compiled at a time, on a thread of its own: compiling takes
/// about a millisecond per KiB, and calls go on meanwhile.
/// </summary>
sealed class CompiledOnce<T>(ArtifactStore store) : IDisposable
    where T : class
{
    readonly ConcurrentDictionary<string, WeakReference<T>> _known = new();
    readonly SemaphoreSlim _compiling = new(1);

    /// <exception cref="FaultException">The artifact is not here or damaged, or <paramref name="compile"/> refuses it.</exception>
    public async Task<T> GetAsync(string digest, Func<byte[], T> compile, CancellationToken cancellation)
    {
        if (Find(digest) is { } known)
            return known;
        await _compiling.WaitAsync(cancellation);
        try
        {
            if (Find(digest) is { } justCompiled)
                return justCompiled;
            var compiled = await ReadAndCompileAsync(digest, compile, cancellation);
            _known[digest] = new WeakReference<T>(compiled);
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

    /// <summary>The same, but kept for as long as the caller does.</summary>
    public async Task<T> MakeAsync(string digest, Func<byte[], T> compile, CancellationToken cancellation)
    {
        await _compiling.WaitAsync(cancellation);
        try
        {
            return await ReadAndCompileAsync(digest, compile, cancellation);
        }
        finally
        {
            _compiling.Release();
        }
    }

    public void Dispose() => _compiling.Dispose();

    async Task<T> ReadAndCompileAsync(string digest, Func<byte[], T> compile, CancellationToken cancellation)
    {
        var content = await store.ReadAsync(digest, cancellation);
        return await Task.Factory.StartNew(() => compile(content), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    T? Find(string digest) => _known.TryGetValue(digest, out var reference) && reference.TryGetTarget(out var compiled) ? compiled : null;
}
