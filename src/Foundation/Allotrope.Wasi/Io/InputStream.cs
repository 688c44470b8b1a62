using Allotrope.Components;

namespace Allotrope.Wasi.Io;

/// <summary>What a guest reads from. A class of its own says what is there now and when more is; this one gives it the functions of WASI.</summary>
public abstract class InputStream : IInputStream, IWaitable
{
    /// <summary>Most bytes that one read gives, however many are asked for: what a guest can make the host allocate.</summary>
    public const int Chunk = 65_536;

    bool _failed;

    /// <summary>Ends waits with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Stop { get; init; }

    public abstract bool Ready { get; }

    public abstract ValueTask WaitAsync(CancellationToken cancellation);

    /// <summary>What is there now.</summary>
    /// <param name="most">0 to <see cref="Chunk"/>.</param>
    /// <param name="bytes">Up to <paramref name="most"/>; empty when one must wait.</param>
    /// <returns>False at the end.</returns>
    /// <remarks>An exception is the guest's <c>last-operation-failed</c>; the stream has ended then.</remarks>
    protected abstract bool TryTake(int most, out ReadOnlyMemory<byte> bytes);

    internal bool Take(int most, out ReadOnlyMemory<byte> bytes) => TryTake(most, out bytes);

    public Result<ReadOnlyMemory<byte>, StreamError> Read(ulong len)
    {
        if (_failed)
            return new StreamError.Closed();
        try
        {
            return TryTake((int)Math.Min(len, Chunk), out var bytes) ? bytes : new StreamError.Closed();
        }
        catch (Exception e) when (e is not (ComponentTrap or OperationCanceledException))
        {
            _failed = true;
            return new StreamError.LastOperationFailed(new StreamFailure(e));
        }
    }

    public async ValueTask<Result<ReadOnlyMemory<byte>, StreamError>> BlockingRead(ulong len)
    {
        while (true)
        {
            var read = Read(len);
            if (!read.IsOk || !read.Value.IsEmpty || len == 0)
                return read;
            await WaitAsync(Stop);
        }
    }

    public Result<ulong, StreamError> Skip(ulong len) => Length(Read(len));

    public async ValueTask<Result<ulong, StreamError>> BlockingSkip(ulong len) => Length(await BlockingRead(len));

    public IPollable Subscribe() => new Pollable(this, Stop);

    static Result<ulong, StreamError> Length(Result<ReadOnlyMemory<byte>, StreamError> read) =>
        read.IsOk ? (ulong)read.Value.Length : read.Error;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The guest has dropped the stream.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
