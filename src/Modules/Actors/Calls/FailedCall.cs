namespace Allotrope.Actors;

/// <summary>A call that did not end well.</summary>
/// <param name="What">The operation, or what else it was.</param>
/// <param name="Complaint">What the guest itself said of it before.</param>
/// <param name="Record">The file that replays it.</param>
readonly record struct FailedCall(string What, string? Complaint = null, string? Record = null);
