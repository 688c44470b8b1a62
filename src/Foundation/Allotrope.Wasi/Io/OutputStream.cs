using Allotrope.Components;

namespace Allotrope.Wasi.Io;

/// <summary>What a guest writes to. A class of its own says how much it takes now and when more; this one gives it the functions of WASI.</summary>
public abstract class OutputStream : IOutputStream, IWaitable
{
    /// <summary>Most bytes that a guest may write at once: what it can make the host hold for one stream.</summary>
    public const int Chunk = 65_536;

    /// <summary>Most bytes of a write that waits, as WASI has it.</summary>
    const int MostBlocking = 4096;

    static readonly byte[] Zeroes = new byte[MostBlocking];

    StreamError? _end;
    int _permit;

    /// <summary>Ends waits with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Stop { get; init; }

    public abstract bool Ready { get; }

    public abstract ValueTask WaitAsync(CancellationToken cancellation);

    /// <summary>How many bytes it takes now: 0 to <see cref="Chunk"/>; null when nobody reads them any more.</summary>
    /// <remarks>An exception here or below is the guest's <c>last-operation-failed</c>; the stream has ended then.</remarks>
    protected abstract int? Room();

    /// <summary>Takes bytes: no more than <see cref="Room"/> said. They may be on their way still when it returns.</summary>
    protected abstract void Put(ReadOnlySpan<byte> bytes);

    /// <summary>Sees to it that <see cref="Room"/> is 0 until all bytes put so far have arrived.</summary>
    protected abstract void BeginFlush();

    internal int? RoomNow() => Room();

    internal void PutNow(ReadOnlySpan<byte> bytes) => Put(bytes);

    internal void FlushNow() => BeginFlush();

    public Result<ulong, StreamError> CheckWrite()
    {
        var room = Guarded(Room);
        _permit = room.IsOk ? room.Value : 0;
        return room.IsOk ? (ulong)room.Value : room.Error;
    }

    public Result<Unit, StreamError> Write(ReadOnlyMemory<byte> contents)
    {
        if (_end is not null)
            return Ended();
        Spend((ulong)contents.Length);
        return Done(() => Put(contents.Span));
    }

    public Result<Unit, StreamError> WriteZeroes(ulong len)
    {
        if (_end is not null)
            return Ended();
        Spend(len);
        return Done(() =>
        {
            for (var left = (int)len; left > 0; left -= MostBlocking)
                Put(Zeroes.AsSpan(0, Math.Min(left, MostBlocking)));
        });
    }

    public Result<Unit, StreamError> Flush() => _end is null ? Done(BeginFlush) : Ended();

    public async ValueTask<Result<Unit, StreamError>> BlockingWriteAndFlush(ReadOnlyMemory<byte> contents)
    {
        if (contents.Length > MostBlocking)
            throw new ComponentTrap($"blocking-write-and-flush was given {contents.Length} bytes, of at most {MostBlocking}");
        while (!contents.IsEmpty)
        {
            var room = await RoomAsync();
            if (!room.IsOk)
                return room.Error;
            var now = contents[..(int)Math.Min((ulong)contents.Length, room.Value)];
            var written = Write(now);
            if (!written.IsOk)
                return written;
            contents = contents[now.Length..];
        }

        return await BlockingFlush();
    }

    public ValueTask<Result<Unit, StreamError>> BlockingWriteZeroesAndFlush(ulong len) => len > MostBlocking
        ? throw new ComponentTrap($"blocking-write-zeroes-and-flush was asked for {len} bytes, of at most {MostBlocking}")
        : BlockingWriteAndFlush(Zeroes.AsMemory(0, (int)len));

    public async ValueTask<Result<Unit, StreamError>> BlockingFlush()
    {
        var begun = Flush();
        if (!begun.IsOk)
            return begun;
        var room = await RoomAsync();
        return room.IsOk ? default(Unit) : room.Error;
    }

    public Result<ulong, StreamError> Splice(IInputStream src, ulong len)
    {
        ArgumentNullException.ThrowIfNull(src);
        var room = CheckWrite();
        if (!room.IsOk || room.Value == 0)
            return room;
        return Forward(src.Read(Math.Min(len, room.Value)));
    }

    public async ValueTask<Result<ulong, StreamError>> BlockingSplice(IInputStream src, ulong len)
    {
        ArgumentNullException.ThrowIfNull(src);
        var room = await RoomAsync();
        return room.IsOk ? Forward(await src.BlockingRead(Math.Min(len, room.Value))) : room;
    }

    public IPollable Subscribe() => new Pollable(this, Stop);

    Result<ulong, StreamError> Forward(Result<ReadOnlyMemory<byte>, StreamError> read)
    {
        if (!read.IsOk)
            return read.Error;
        var written = Write(read.Value);
        return written.IsOk ? (ulong)read.Value.Length : written.Error;
    }

    async ValueTask<Result<ulong, StreamError>> RoomAsync()
    {
        while (true)
        {
            var room = CheckWrite();
            if (!room.IsOk || room.Value > 0)
                return room;
            Block();
            await WaitAsync(Stop);
        }
    }

    void Spend(ulong length)
    {
        if (length > (ulong)_permit)
            throw new ComponentTrap($"a write of {length} bytes, where check-write permitted {_permit}");
        _permit -= (int)length;
    }

    Result<Unit, StreamError> Done(Action write)
    {
        var done = Guarded(() =>
        {
            write();
            return 0;
        });
        return done.IsOk ? default(Unit) : done.Error;
    }

    Result<int, StreamError> Guarded(Func<int?> operation)
    {
        if (_end is not null)
            return _end;
        try
        {
            return operation() is { } value ? value : _end = new StreamError.Closed();
        }
        catch (Exception e) when (e is not (ComponentTrap or OperationCanceledException))
        {
            _end = new StreamError.Closed();
            return new StreamError.LastOperationFailed(new StreamFailure(e));
        }
    }

    StreamError Ended() => _end!;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The guest is about to wait for room, and for nothing else.</summary>
    /// <exception cref="ComponentTrap">That would never come.</exception>
    protected virtual void Block()
    {
    }

    /// <summary>The guest has dropped the stream.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
