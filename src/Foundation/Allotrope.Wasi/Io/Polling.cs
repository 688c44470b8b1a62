using Allotrope.Components;

namespace Allotrope.Wasi.Io;

/// <summary><c>wasi:io/poll</c>: waits for the first of many, without a thread.</summary>
/// <param name="most">Pollables that one call may name.</param>
/// <param name="stop">Ends waits with <see cref="OperationCanceledException"/>.</param>
public sealed class Polling(int most, CancellationToken stop = default) : IPoll
{
    /// <returns>The indexes of those that are ready, ascending; at least one.</returns>
    /// <exception cref="ComponentTrap">The list is empty or too long.</exception>
    public ValueTask<uint[]> Poll(IPollable[] @in)
    {
        ArgumentNullException.ThrowIfNull(@in);
        if (@in.Length == 0)
            throw new ComponentTrap("poll was given an empty list: it would never return");
        if (@in.Length > most)
            throw new ComponentTrap($"poll was given {@in.Length} pollables, of at most {most}");
        return Ready(@in) is { Length: > 0 } ready ? new(ready) : WaitAsync(Array.ConvertAll(@in, SourceOf), () => Ready(@in), stop);
    }

    /// <summary>Waits until one of the sources is ready as <paramref name="ready"/> sees it.</summary>
    internal static async ValueTask<T[]> WaitAsync<T>(IWaitable[] sources, Func<T[]> ready, CancellationToken stop)
    {
        while (true)
        {
            using var round = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var waits = Array.ConvertAll(sources, source => source.WaitAsync(round.Token).AsTask());
            await Task.WhenAny(waits);
            await round.CancelAsync();
            // All have ended before the guest goes on: none may touch a stream behind its back.
            await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
            if (waits.FirstOrDefault(wait => wait.IsFaulted) is { } broken)
                await broken;
            if (ready() is { Length: > 0 } found)
                return found;
        }
    }

    static uint[] Ready(IPollable[] pollables)
    {
        var ready = new List<uint>();
        for (var i = 0; i < pollables.Length; i++)
            if (pollables[i].Ready())
                ready.Add((uint)i);
        return [.. ready];
    }

    static IWaitable SourceOf(IPollable pollable) => pollable is Pollable ours ? ours.Source : new Foreign(pollable);

    /// <summary>A pollable of somebody else's class, whose wait cannot be called off: it goes on in the background, and holds nothing.</summary>
    sealed class Foreign(IPollable pollable) : IWaitable
    {
        public bool Ready => pollable.Ready();

        public async ValueTask WaitAsync(CancellationToken cancellation) => await pollable.Block().AsTask().WaitAsync(cancellation);
    }
}
