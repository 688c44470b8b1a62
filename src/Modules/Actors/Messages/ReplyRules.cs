using Allotrope.Wasi.Messaging;

namespace Allotrope.Actors;

/// <summary>How long a request waits and for how many replies: without a word of the guest, for one.</summary>
sealed class ReplyRules : IRequestOptions
{
    public TimeSpan Time { get; private set; } = ProviderSubjects.LongestWait;

    public uint Expected { get; private set; } = 1;

    public void SetTimeoutMs(uint timeoutMs) => Time = TimeSpan.FromMilliseconds(timeoutMs);

    public void SetExpectedReplies(uint expectedReplies) => Expected = expectedReplies;

    public void Dispose()
    {
    }
}
