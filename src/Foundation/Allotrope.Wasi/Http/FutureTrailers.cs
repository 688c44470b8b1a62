using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Http;

/// <summary>What follows a body, once the body has come.</summary>
sealed class FutureTrailers(Task<IReadOnlyList<KeyValuePair<string, string>>?> trailers, HttpHoldings holdings, CancellationToken stop) : IFutureTrailers
{
    bool _given;

    /// <summary>Called when nobody waits for them any more.</summary>
    public Action? Dropped { get; init; }

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
            var fields = trailers.Outcome is { Count: > 0 } came ? Fields.Held(came, holdings) : null;
            return Result<Result<IFields?, ErrorCode>, Unit>.Ok(Result<IFields?, ErrorCode>.Ok(fields));
        }
        catch (HttpFailure failure)
        {
            return Result<Result<IFields?, ErrorCode>, Unit>.Ok(failure.Code);
        }
    }

    /// <summary>A guest that drops them before they came does not want what comes before them either.</summary>
    public void Dispose()
    {
        if (!trailers.IsCompleted)
            Dropped?.Invoke();
    }
}
