using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>
/// The one-beat backlog of a service that asks for it: what could not be delivered waits, in order, for the beat after the one during which it
/// came; whoever is not back by then has missed it.
/// </summary>
sealed class HeldIntents(int capacity)
{
    readonly Queue<Held> _waiting = new();

    public int Count => _waiting.Count;

    public Queue<Held>.Enumerator GetEnumerator() => _waiting.GetEnumerator();

    /// <summary>Holds a copy.</summary>
    /// <returns>What had to make room for it.</returns>
    public Held? Add(in Intent intent, long beat)
    {
        Held? dropped = _waiting.Count == capacity ? _waiting.Dequeue() : null;
        _waiting.Enqueue(new Held(intent.Name, intent.Origin, intent.Sequence, intent.Time, intent.Data.ToArray(), beat));
        return dropped;
    }

    /// <summary>The next that is older than <paramref name="beat"/>, taken out.</summary>
    public bool TryTakeBefore(long beat, out Held held)
    {
        held = default;
        return _waiting.TryPeek(out var first) && first.Beat < beat && _waiting.TryDequeue(out held);
    }

    public bool TryTake(out Held held) => _waiting.TryDequeue(out held);
}

readonly record struct Held(string Name, Origin Origin, long Sequence, long Time, byte[] Data, long Beat)
{
    public Intent ToIntent() => new(Name, Origin, Sequence, Time, Data);
}
