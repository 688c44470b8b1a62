namespace Allotrope.Wasi.Http;

/// <summary>Why a body could not be carried on, in the words of WASI; <c>http-error-code</c> finds it in a stream's error.</summary>
public sealed class HttpFailure(ErrorCode code, Exception? cause = null) : IOException($"HTTP failed: {code}", cause)
{
    public ErrorCode Code => code;
}
