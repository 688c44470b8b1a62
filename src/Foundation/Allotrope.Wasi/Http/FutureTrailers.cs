using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>What follows a body, once the body has come.</summary>
sealed class FutureTrailers(Task<Fields?> trailers, CancellationToken stop) : IFutureTrailers
{
    bool _given;

    public IPollable Subscribe() => new Pollable(new TaskWaitable(trailers), stop);

    public Result<Result<IFields?, ErrorCode>, Unit>? Get()
    {
        if (!trailers.IsCompleted)
            return null;
        if (_given)
            return Result<Result<IFields?, ErrorCode>, Unit>.Fail(default);
        _given = true;
        try
        {
            return Result<Result<IFields?, ErrorCode>, Unit>.Ok(Result<IFields?, ErrorCode>.Ok(trailers.Outcome));
        }
        catch (HttpFailure failure)
        {
            return Result<Result<IFields?, ErrorCode>, Unit>.Ok(failure.Code);
        }
    }

    public void Dispose()
    {
    }
}
