namespace Allotrope.Messaging;

/// <summary>Who gets the messages of a subject.</summary>
/// <param name="Workload">The component.</param>
/// <param name="Handler">One of <see cref="MessagingContract.Handlers"/>, by which it gets them.</param>
/// <param name="Pattern">The subject, or those that it stands for.</param>
sealed record Receiver(string Workload, string Handler, string Pattern);
