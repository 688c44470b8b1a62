using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>The bytes that a provider may keep. Those of a file that is being deleted are taken until it is gone, and waited for by who finds no room.</summary>
sealed class Room(long capacity)
{
    readonly Lock _gate = new();
    long _taken;
    int _leaving;
    TaskCompletionSource _left = NewLeft();

    /// <summary>Bytes at most. Less than is taken means that there is no room.</summary>
    public long Capacity { get; set; } = capacity;

    /// <exception cref="FaultException"><see cref="Fault.Exhausted"/> when there is not as much.</exception>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellation)
    {
        while (!TryTake(bytes, out var left))
            await left.WaitAsync(cancellation);
    }

    /// <summary>Counts what is there already, whether or not there is room for it.</summary>
    public void Add(long bytes)
    {
        lock (_gate)
            _taken += bytes;
    }

    public void Give(long bytes) => Add(-bytes);

    /// <summary>Some bytes are about to be given back; <see cref="Left"/> says that they are.</summary>
    public void Leave()
    {
        lock (_gate)
            _leaving++;
    }

    /// <param name="bytes">None when they stay.</param>
    public void Left(long bytes)
    {
        TaskCompletionSource left;
        lock (_gate)
        {
            _leaving--;
            _taken -= bytes;
            (left, _left) = (_left, NewLeft());
        }
        left.SetResult();
    }

    /// <param name="bytes">How many.</param>
    /// <param name="left">What to wait for before the next try.</param>
    bool TryTake(int bytes, out Task left)
    {
        lock (_gate)
        {
            left = _left.Task;
            if (bytes <= Capacity - _taken)
            {
                _taken += bytes;
                return true;
            }
            if (_leaving > 0)
                return false;
            throw new FaultException(new Fault.Exhausted(
                $"The store is full: it keeps at most {Capacity} bytes, and {_taken} are there. Delete something, or raise its setting {BlobstoreContract.Capacity}."));
        }
    }

    static TaskCompletionSource NewLeft() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
