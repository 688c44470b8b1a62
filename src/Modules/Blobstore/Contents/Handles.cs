using System.Collections.Concurrent;
using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>What callers have open of one kind, by ids that nobody can guess, bounded in number and in time.</summary>
/// <param name="what">As errors call one.</param>
/// <param name="most">How many at once, for all links.</param>
/// <param name="host">Whose time and randomness it is.</param>
sealed class Handles<T>(string what, int most, BlobstoreHost host) : IDisposable
    where T : Handle
{
    readonly ConcurrentDictionary<string, T> _open = new();
    readonly Places _places = new(most);

    /// <summary>How many links there are, which each have their part.</summary>
    public int Links
    {
        set => _places.Links = value;
    }

    /// <summary>Opens one.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Exhausted"/> when there are as many as there may be.</exception>
    public string Add((string Origin, string Link) owner, Func<T> open)
    {
        if (!_places.TryTake(owner))
            throw new FaultException(new Fault.Exhausted(
                $"{owner.Origin} has all the {what}s that its link may have at once; the store has {most} for all links: try again when some have ended."));
        try
        {
            var handle = open();
            handle.TryEnter();
            handle.Exit(host.Time.GetTimestamp());
            var id = NewId();
            _open[id] = handle;
            return id;
        }
        catch
        {
            _places.Free(owner);
            throw;
        }
    }

    /// <summary>Does something with one, alone.</summary>
    /// <exception cref="FaultException"><see cref="Fault.NotFound"/> when there is none, or not the caller's; <see cref="Fault.Conflict"/> when it is used just now.</exception>
    public async ValueTask<TResult> UseAsync<TResult>(string id, (string, string) owner, Func<T, ValueTask<TResult>> use)
    {
        if (!_open.TryGetValue(id, out var handle) || handle.Owner != owner)
            throw new FaultException(new Fault.NotFound(
                $"There is no such {what} any more: it has ended, or nothing was heard of it for {BlobstoreLimits.Idle.TotalMinutes} minutes. Begin again."));
        if (!handle.TryEnter())
            throw new FaultException(new Fault.Conflict($"The {what} is used by another call: await its answer first."));
        try
        {
            return await use(handle);
        }
        finally
        {
            handle.Exit(host.Time.GetTimestamp());
        }
    }

    public void End(string id, (string, string) owner)
    {
        if (_open.TryGetValue(id, out var handle) && handle.Owner == owner)
            End(id);
    }

    /// <summary>Ends those of which nothing was heard for long.</summary>
    public void EndIdle()
    {
        var since = host.Time.GetTimestamp() - (long)(BlobstoreLimits.Idle.TotalSeconds * host.Time.TimestampFrequency);
        foreach (var (id, handle) in _open)
            if (handle.IsIdleSince(since))
                End(id);
    }

    public void Dispose()
    {
        foreach (var id in _open.Keys)
            End(id);
    }

    void End(string id)
    {
        if (!_open.TryRemove(id, out var handle))
            return;
        _places.Free(handle.Owner);
        handle.End();
    }

    string NewId()
    {
        Span<byte> id = stackalloc byte[16];
        host.Random.Fill(id);
        return Convert.ToHexStringLower(id);
    }
}
