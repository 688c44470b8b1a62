using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// Steps that making one instance may take in all, those of the components within it included: each of them may be made twice by the one around it, so that
/// a few hundred bytes could ask for more than any machine has.
/// </summary>
sealed class InstantiationWork
{
    int _left = 100_000;

    /// <exception cref="LinkException">All are taken.</exception>
    internal void Step()
    {
        if (--_left < 0)
            throw new LinkException("the component makes too many instances of components within it");
    }
}
