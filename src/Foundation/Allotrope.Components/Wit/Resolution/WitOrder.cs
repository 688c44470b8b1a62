namespace Allotrope.Components.Wit;

/// <summary>Puts things behind what they need, without recursion.</summary>
static class WitOrder
{
    /// <param name="all">The things, in the order to keep where it does not matter.</param>
    /// <param name="needs">What one needs.</param>
    /// <param name="cycle">What to say when one needs itself.</param>
    internal static List<T> Sort<T>(IEnumerable<T> all, Func<T, IEnumerable<T>> needs, Func<T, WitException> cycle)
        where T : class
    {
        var order = new List<T>();
        var isDone = new Dictionary<T, bool>();
        var open = new Stack<(T Thing, IEnumerator<T> Needs)>();
        foreach (var first in all)
        {
            if (!isDone.ContainsKey(first))
                Open(first);
            while (open.Count > 0)
            {
                var (thing, rest) = open.Peek();
                if (!rest.MoveNext())
                {
                    open.Pop();
                    isDone[thing] = true;
                    order.Add(thing);
                }
                else if (!isDone.TryGetValue(rest.Current, out var done))
                {
                    Open(rest.Current);
                }
                else if (!done)
                {
                    throw cycle(rest.Current);
                }
            }
        }

        return order;

        void Open(T thing)
        {
            isDone[thing] = false;
            open.Push((thing, needs(thing).GetEnumerator()));
        }
    }
}
