namespace Allotrope.Wasi.Io;

/// <summary>A guest's <c>error</c>: why an operation of a stream failed.</summary>
public sealed class StreamFailure(Exception cause) : IError
{
    /// <summary>What went wrong; functions such as <c>filesystem-error-code</c> look into it.</summary>
    public Exception Cause => cause;

    public string ToDebugString() => cause.Message;

    public void Dispose()
    {
    }
}
