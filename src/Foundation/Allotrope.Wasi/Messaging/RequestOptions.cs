namespace Allotrope.Wasi.Messaging;

/// <summary>How long a request waits and for how many replies.</summary>
public sealed class RequestOptions : IRequestOptions
{
    /// <summary>Null waits until the replies are there.</summary>
    public TimeSpan? Timeout { get; private set; }

    public int ExpectedReplies { get; private set; } = 1;

    public void SetTimeoutMs(uint timeoutMs) => Timeout = TimeSpan.FromMilliseconds(timeoutMs);

    public void SetExpectedReplies(uint expectedReplies) => ExpectedReplies = (int)Math.Min(expectedReplies, int.MaxValue);

    public void Dispose()
    {
    }
}
