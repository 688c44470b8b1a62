namespace Allotrope.Wasi.Blobstore;

/// <summary>Bytes that guests hold of a store beside what is in it: objects that are being written, and those that were asked for. Safe from any thread.</summary>
/// <param name="most">Of all of them together.</param>
sealed class BlobHoldings(long most)
{
    long _held;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= most)
            return true;
        Give(bytes);
        return false;
    }

    public void Give(long bytes) => Interlocked.Add(ref _held, -bytes);
}
