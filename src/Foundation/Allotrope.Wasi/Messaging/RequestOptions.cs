namespace Allotrope.Wasi.Messaging;

/// <summary>How long a request waits and for how many replies.</summary>
public sealed class RequestOptions : IRequestOptions
{
    /// <summary>Null waits until the replies are there.</summary>
    public TimeSpan? Timeout { get; private set; }

    public int ExpectedReplies { get; private set; } = 1;

    // The longest wait that the class library knows is a millisecond less than the longest here.
    public void SetTimeoutMs(uint timeoutMs) => Timeout = TimeSpan.FromMilliseconds(Math.Min(timeoutMs, uint.MaxValue - 1));

    public void SetExpectedReplies(uint expectedReplies) => ExpectedReplies = (int)Math.Min(expectedReplies, int.MaxValue);

    public void Dispose()
    {
    }
}
