namespace Allotrope.Actors;

/// <summary>A pool whose idle instances hold memory of the node's.</summary>
interface IIdlePool
{
    /// <summary>Since when the instance is idle that was not used for longest, on the monitor's clock; null when there is none.</summary>
    long? OldestSince { get; }

    /// <summary>Gives that one up.</summary>
    void GiveUpOldest();
}

/// <summary>
/// What the idle instances of a node hold of memory, those of all its workloads together. Their number says little: one may hold a gigabyte. When it is more than
/// the node has to spare, those go first that were not used for longest.
/// </summary>
/// <param name="most">Bytes.</param>
sealed class IdleMemory(long most)
{
    readonly Lock _gate = new();
    readonly List<IIdlePool> _pools = [];
    long _held;

    /// <summary>Bytes of idle instances.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Whether an instance of so many bytes may be made ahead, without another one having to go.</summary>
    public bool HasRoomFor(long bytes) => Held + bytes <= most;

    public void Add(IIdlePool pool)
    {
        lock (_gate)
            _pools.Add(pool);
    }

    public void Remove(IIdlePool pool)
    {
        lock (_gate)
            _pools.Remove(pool);
    }

    /// <summary>So many bytes are idle now, or no more if negative. To be followed by <see cref="Trim"/> where there are more, outside of any lock.</summary>
    public void Count(long bytes) => Interlocked.Add(ref _held, bytes);

    /// <summary>Gives up instances until there is no more than may be.</summary>
    public void Trim()
    {
        while (Held > most)
        {
            IIdlePool? oldest;
            lock (_gate)
                oldest = _pools.Where(pool => pool.OldestSince is not null).MinBy(pool => pool.OldestSince);
            if (oldest is null)
                return; // somebody else is just giving the last ones up
            oldest.GiveUpOldest();
        }
    }
}
