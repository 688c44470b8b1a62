namespace Allotrope.Wasm;

/// <summary>What work costs that goes by size: one fuel for every eight bytes begun.</summary>
static class Price
{
    const int BytesForOne = 8;

    /// <summary>Takes the price of writing so many bytes, in code that counts.</summary>
    /// <exception cref="Trap">Less than nothing is left.</exception>
    internal static void Pay(long bytes, Instance instance)
    {
        if (instance.IsMetered)
            instance.Guard.Pay((long)Of(bytes));
    }

    /// <summary>The price of writing so many bytes.</summary>
    internal static ulong Of(long bytes) => (ulong)((bytes / BytesForOne) + (bytes % BytesForOne == 0 ? 0 : 1));

    /// <summary>The same for references, each of which counts with eight bytes.</summary>
    internal static void PayReferences(long count, Instance instance)
    {
        if (instance.IsMetered)
            instance.Guard.Pay(count);
    }
}
