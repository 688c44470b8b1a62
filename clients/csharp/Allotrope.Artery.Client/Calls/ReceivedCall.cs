namespace Allotrope.Artery.Client;

/// <summary>An invocation as a handler gets it.</summary>
/// <param name="Caller">The service that asks, as the core says.</param>
/// <param name="TimeOut">How long the caller waits.</param>
public sealed record ReceivedCall(string Caller, string Method, ArteryData Data, TimeSpan TimeOut);
