using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>Where the guest puts its response to a request, once.</summary>
/// <param name="set">Told the response, or why there is none. Called once, on the guest's thread.</param>
public sealed class ResponseOutparam(Action<Result<OutgoingResponse, ErrorCode>> set) : IResponseOutparam
{
    bool _set;

    internal void Set(Result<IOutgoingResponse, ErrorCode> response)
    {
        _set = true;
        using var given = response.IsOk ? (OutgoingResponse)response.Value : null;
        given?.Go();
        set(given is not null ? given : response.Error);
    }

    public void Dispose()
    {
        if (!_set)
            set(new ErrorCode.InternalError("the component dropped its response-outparam without having set a response"));
        _set = true;
    }
}
