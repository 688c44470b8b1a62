namespace Allotrope.Contracts;

/// <summary>Asks where an actor spends its time.</summary>
/// <param name="Milliseconds">For how long to look; bounded by who looks.</param>
public sealed record ProfileRequest(string Workload, int Milliseconds);

/// <summary>How often an actor's instances were seen with which stack.</summary>
public sealed record ProfileResult(IReadOnlyList<ProfiledStack> Stacks);

/// <param name="Functions">From the outermost on, with semicolons between them.</param>
public sealed record ProfiledStack(string Functions, long Samples);
