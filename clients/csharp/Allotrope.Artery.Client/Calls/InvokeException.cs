namespace Allotrope.Artery.Client;

/// <summary>An invocation that failed. Thrown by a handler, it reaches the caller.</summary>
/// <param name="code">One of <see cref="InvocationCode"/>.</param>
public sealed class InvokeException(string code, string message, Exception? cause = null) : Exception(message, cause)
{
    public string Code { get; } = code;
}
