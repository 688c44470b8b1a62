namespace Allotrope.Artery.Client;

/// <summary>A handler that was added; disposing it removes it.</summary>
public sealed class Listener : IDisposable
{
    readonly Action<Listener> _remove;

    internal Listener(string pattern, bool ordered, Func<ReceivedIntent, Task> handler, Action<Listener> remove) =>
        (Pattern, Ordered, Handler, _remove) = (pattern, ordered, handler, remove);

    /// <summary>A name, or a prefix ending in <c>*</c>.</summary>
    public string Pattern { get; }

    /// <summary>Whether its calls never overlap and keep the intents' order.</summary>
    public bool Ordered { get; }

    internal Func<ReceivedIntent, Task> Handler { get; }

    public void Dispose() => _remove(this);
}
