namespace Allotrope.Components.Tests.SpecTests;

/// <summary>
/// Scripts that need functions which wait, streams, futures, subtasks or threads (WASI 0.3). The list only shrinks: a script in it that holds fails its
/// test, so it is true.
/// </summary>
static class AsynchronousNotYet
{
    public static IReadOnlySet<string> Scripts { get; } = new HashSet<string>
    {
        "async-calls-sync",
        "big-interleaving-test",
        "cancel-stream",
        "cancel-subtask",
        "cancellable",
        "closed-stream",
        "cross-abi-calls",
        "cross-task-future",
        "drop-cross-task-borrow",
        "drop-subtask",
        "drop-waitable-set",
        "during-sync-call-may-block-if-other-ready-threads",
        "during-sync-call-no-exclusive-resume",
        "during-sync-call-no-sibling-resume",
        "empty-wait",
        "futures-must-write",
        "partial-stream-copies",
        "passing-resources",
        "same-component-stream-future",
        "sync-barges-in",
        "sync-streams",
        "trap-if-block-and-sync",
        "trap-if-done",
        "trap-on-reenter",
        "wait-during-callback",
        "zero-length",
    };
}
