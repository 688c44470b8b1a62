using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>How long a guest's request may take, in nanoseconds; null for as long as the host lets it.</summary>
sealed class RequestOptions : IRequestOptions
{
    ulong? _connect, _firstByte, _betweenBytes;

    public ulong? ConnectTimeout() => _connect;

    public ulong? FirstByteTimeout() => _firstByte;

    public ulong? BetweenBytesTimeout() => _betweenBytes;

    public Result<Unit, Unit> SetConnectTimeout(ulong? duration) => Set(out _connect, duration);

    public Result<Unit, Unit> SetFirstByteTimeout(ulong? duration) => Set(out _firstByte, duration);

    public Result<Unit, Unit> SetBetweenBytesTimeout(ulong? duration) => Set(out _betweenBytes, duration);

    public void Dispose()
    {
    }

    static Result<Unit, Unit> Set(out ulong? timeout, ulong? duration)
    {
        timeout = duration;
        return Result<Unit, Unit>.Ok(default);
    }
}
