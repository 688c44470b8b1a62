using System.Collections.Immutable;
using Allotrope.Contracts;

namespace Allotrope.Planner;

/// <summary>What the planner tells those who ask, at one moment. Immutable; <see cref="Next"/> completes when there is a newer one.</summary>
/// <param name="Head">Number of the newest ledger entry that is taken into account.</param>
/// <param name="Change">Grows with every view that differs.</param>
sealed record View(long Head, long Change, ImmutableSortedDictionary<string, BlueprintProgress> Progress, ImmutableArray<BlueprintSummary> Summaries)
{
    public static readonly View Empty = new(0, 0, ImmutableSortedDictionary.Create<string, BlueprintProgress>(StringComparer.Ordinal), []);

    readonly TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Next => _next.Task;

    /// <summary>The view that follows, in which a blueprint whose status is as before keeps its change.</summary>
    public View With(long head, IEnumerable<BlueprintStatus> statuses, ImmutableArray<BlueprintSummary> summaries)
    {
        var change = Change;
        var progress = statuses.ToImmutableSortedDictionary(
            status => status.Name,
            status => Progress.TryGetValue(status.Name, out var before) && Same(before.Status, status)
                ? before
                : new BlueprintProgress(++change, status),
            StringComparer.Ordinal);
        return new(head, change, progress, summaries);
    }

    /// <summary>Wakes those who wait for a newer view than this one.</summary>
    public void Supersede() => _next.TrySetResult();

    static bool Same(BlueprintStatus one, BlueprintStatus other) =>
        one with { Workloads = [] } == other with { Workloads = [] } && one.Workloads.Count == other.Workloads.Count
        && one.Workloads.Zip(other.Workloads).All(pair => Same(pair.First, pair.Second));

    static bool Same(WorkloadStatus one, WorkloadStatus other) =>
        one with { Urls = [] } == other with { Urls = [] } && one.Urls.SequenceEqual(other.Urls);
}
