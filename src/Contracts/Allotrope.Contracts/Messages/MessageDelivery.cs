namespace Allotrope.Contracts;

/// <summary>A message as a provider hands it to a component, on <see cref="Subjects.Handle"/>.</summary>
/// <param name="Provider">The provider's workload.</param>
/// <param name="Interface">By which the component gets it, such as <c>wasi:messaging/incoming-handler</c>.</param>
/// <param name="Lost">How many were dropped before it since the one before, because the component was busy.</param>
public sealed record MessageDelivery(string Provider, string Interface, BrokerMessage Message, long Lost = 0);

/// <param name="Error">What the component said is wrong with a message, or a change; <see langword="null"/> when it has handled it.</param>
public sealed record MessageOutcome(string? Error = null);
