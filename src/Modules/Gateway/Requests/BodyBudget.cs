namespace Allotrope.Gateway;

/// <summary>
/// Bounds the bytes of all request bodies that are held at once, so that many clients with large bodies together cost no more memory than
/// the node has. Safe from any thread.
/// </summary>
sealed class BodyBudget(long limit)
{
    long _taken;

    /// <summary>Takes <paramref name="bytes"/>, or nothing and false when they are not there.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= limit)
            return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
