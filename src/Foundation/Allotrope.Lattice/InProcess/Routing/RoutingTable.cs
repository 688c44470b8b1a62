using System.Collections.Concurrent;

namespace Allotrope.Lattice;

/// <summary>
/// Finds the receivers of a subject. Patterns are matched once a subject; after that a message costs one look-up in a hash table, until a
/// subscription comes or goes that could change the answer.
/// </summary>
sealed class RoutingTable
{
    /// <summary>Subjects remembered. A node uses some dozens; the bound is for those that make up subjects as they go.</summary>
    internal const int MostSubjects = 8192;

    readonly ConcurrentDictionary<string, Route> _routes = new();
    readonly HashSet<Receiver> _receivers = [];
    readonly PatternTree _patterns = new();
    readonly Lock _lock = new();
    bool _closed;

    internal int Subjects => _routes.Count;

    /// <exception cref="Kernel.FaultException">The subject is malformed. Remembered subjects are not checked again.</exception>
    public Route Find(string subject) => _routes.TryGetValue(subject, out var route) ? route : Match(subject);

    public void Add(Receiver receiver)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(ILattice));
            _receivers.Add(receiver);
            _patterns.Add(receiver);
            Forget(receiver.Pattern);
        }
    }

    public void Remove(Receiver receiver)
    {
        lock (_lock)
            if (_receivers.Remove(receiver))
            {
                _patterns.Remove(receiver);
                Forget(receiver.Pattern);
            }
    }

    /// <summary>Takes no more receivers and returns those there are.</summary>
    public List<Receiver> Close()
    {
        lock (_lock)
        {
            _closed = true;
            return [.. _receivers];
        }
    }

    Route Match(string subject)
    {
        Subject.Check(subject);
        // Matched and remembered under the lock, so that a route from before a change is never remembered after it.
        lock (_lock)
        {
            var route = Route.Of(_patterns.Match(subject));
            if (_routes.Count >= MostSubjects)
                _routes.Clear();
            return _routes[subject] = route;
        }
    }

    void Forget(string pattern)
    {
        if (Subject.IsLiteral(pattern))
            _routes.TryRemove(pattern, out _);
        else
            _routes.Clear();
    }
}
