using FsCheck;

namespace Allotrope.Kernel.Tests;

/// <summary>FsCheck's settings here: a failure throws with its shrunk example and the seed that replays it; success says nothing.</summary>
static class Quiet
{
    public static readonly Config Config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);
}
