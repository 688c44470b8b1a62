using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Where the values of one copy lie in a guest's memory, or go to; all of it was looked at when the copy began, and memories do not shrink.</summary>
sealed class CopyBuffer
{
    /// <summary>Values that one copy may have.</summary>
    internal const ulong MostValues = (1 << 28) - 1;

    /// <summary>Values that are objects of the host at once.</summary>
    const int ValuesAtOnce = 4_096;

    const string Place = "the place of a copy's values is";

    readonly InstanceState _instance;
    readonly CanonicalOptions _options;
    readonly WitType? _element;
    readonly ulong _address;

    /// <param name="instance">Whose memory it is.</param>
    /// <param name="options">How values lie there.</param>
    /// <param name="element">Their type; null when there is nothing to copy.</param>
    /// <param name="address">Where the first is.</param>
    /// <param name="length">How many there are.</param>
    /// <exception cref="ComponentTrap">They are too many, or not all in the memory, or not aligned.</exception>
    internal CopyBuffer(InstanceState instance, CanonicalOptions options, WitType? element, ulong address, ulong length)
    {
        (_instance, _options, _element, _address) = (instance, options, element, address);
        if (length > MostValues)
            throw new ComponentTrap($"a copy of {length} values is more than the {MostValues} that there may be");
        Length = (int)length;
        if (element is null || length == 0)
            return;
        var layout = element.LayoutIn(options.IsWide);
        Context().Require(address, length * (ulong)layout.Size, layout.Alignment, Place);
    }

    internal int Length { get; }

    /// <summary>Values that have been copied.</summary>
    internal int Progress { get; private set; }

    internal int Remaining => Length - Progress;

    /// <summary>Copies as many values as the one still has and the other still takes.</summary>
    /// <param name="from">Where they are.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="guard">Of the store whose guest copies: it may have to stop in between.</param>
    internal static void Copy(CopyBuffer from, CopyBuffer to, Guard guard)
    {
        try
        {
            CopyValues(from, to, guard);
        }
        catch
        {
            // One of them is to blame, and only one is entered.
            from._instance.Break();
            to._instance.Break();
            throw;
        }
    }

    static void CopyValues(CopyBuffer from, CopyBuffer to, Guard guard)
    {
        for (var left = Math.Min(from.Remaining, to.Remaining); left > 0;)
        {
            guard.Look();
            var count = from._element is null ? left : Math.Min(left, ValuesAtOnce);
            if (from._element is PrimitiveType { Kind: >= PrimitiveKind.S8 and <= PrimitiveKind.U64 })
                from.Next(count).CopyTo(to.Next(count));
            else if (from._element is not null)
                new Lowering(to.Context()).StoreItems(new Lifting(from.Context(), []).LoadItems(from._element, from.NextAddress, count), to._element!, to.NextAddress);
            from.Progress += count;
            to.Progress += count;
            left -= count;
        }
    }

    int ElementSize => (int)_element!.LayoutIn(_options.IsWide).Size;

    ulong NextAddress => _address + (ulong)Progress * (ulong)ElementSize;

    /// <summary>Integers are the same in all memories.</summary>
    Span<byte> Next(int count) => Context().Bytes(NextAddress, (ulong)count * (ulong)ElementSize, 1, Place);

    /// <summary>Nothing is lent for a copy, so each has a scope of its own.</summary>
    AbiContext Context() => new(_instance, _options, new CallScope());
}
