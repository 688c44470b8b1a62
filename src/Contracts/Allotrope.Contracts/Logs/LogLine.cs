namespace Allotrope.Contracts;

/// <summary>One line a workload, or the node on its behalf, has logged.</summary>
/// <param name="Level"><c>debug</c>, <c>info</c>, <c>warn</c> or <c>error</c>.</param>
public sealed record LogLine(DateTimeOffset Time, string Workload, string Level, string Text);

/// <param name="Workload">One workload, or <see langword="null"/> for all of the node.</param>
/// <param name="Lines">How many of the newest at most.</param>
public sealed record LogQuery(string? Workload, int Lines);

public sealed record LogPage(IReadOnlyList<LogLine> Lines);
