namespace Allotrope.Blobstore;

/// <summary>Something that a caller has open over several calls, used by one of them at a time.</summary>
/// <param name="owner">Who may use it.</param>
abstract class Handle((string Origin, string Link) owner)
{
    readonly Lock _gate = new();
    bool _isUsed, _isOver;

    public (string Origin, string Link) Owner => owner;

    /// <summary>When it was last used, as <see cref="TimeProvider.GetTimestamp"/> has it.</summary>
    public long LastUse { get; private set; }

    /// <summary>False when it is used just now, or over.</summary>
    public bool TryEnter()
    {
        lock (_gate)
            return !_isUsed && !_isOver && (_isUsed = true);
    }

    public void Exit(long now)
    {
        lock (_gate)
        {
            (_isUsed, LastUse) = (false, now);
            if (!_isOver)
                return;
        }
        Release();
    }

    /// <summary>Lets go of what it has, as soon as nothing uses it.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            _isOver = true;
            if (_isUsed)
                return;
        }
        Release();
    }

    /// <summary>Whether nothing has used it since.</summary>
    public bool IsIdleSince(long time)
    {
        lock (_gate)
            return !_isUsed && LastUse <= time;
    }

    /// <summary>Called once.</summary>
    protected abstract void Release();
}
