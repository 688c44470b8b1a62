namespace Allotrope.Components;

/// <summary>
/// Steps that matching and rewriting the types of one component may take in all: types share parts and are used again and again, so that a small component
/// could ask for days. The largest real ones take some hundred thousand.
/// </summary>
sealed class TypeWork
{
    long _left = 2_000_000;

    /// <exception cref="TypeMismatchException">All are taken.</exception>
    internal void Step(int steps = 1)
    {
        if ((_left -= steps) < 0)
            throw new TypeMismatchException("the component's types are too large and too many to be compared");
    }
}
