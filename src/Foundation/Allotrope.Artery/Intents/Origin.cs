namespace Allotrope.Artery;

/// <summary>
/// Who built an intent: a service in one of its lives. Compare with <see cref="object.Equals(object)"/>; the reader gives the same object for the
/// same origin of a link.
/// </summary>
/// <param name="Name">Of the service.</param>
/// <param name="Epoch">A number chosen at its start, larger at each, below 2^63.</param>
public sealed record Origin(string Name, long Epoch);
