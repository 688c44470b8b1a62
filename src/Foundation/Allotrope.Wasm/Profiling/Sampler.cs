namespace Allotrope.Wasm;

/// <summary>A store's request that its guest note where it is. Code compiled to be sampled looks at it in each iteration and function.</summary>
sealed class Sampler
{
    GuestProfile? _into;

    /// <summary>Not zero when the guest's next look is to be noted; read by compiled code.</summary>
    internal int Asked;

    /// <summary>From any thread. The latest request counts.</summary>
    internal void Ask(GuestProfile into)
    {
        Volatile.Write(ref _into, into);
        Volatile.Write(ref Asked, 1);
    }

    /// <summary>On the guest's thread.</summary>
    internal static void Note(Sampler sampler)
    {
        Volatile.Write(ref sampler.Asked, 0);
        Interlocked.Exchange(ref sampler._into, null)?.Add(TrapStack.Here());
    }
}
