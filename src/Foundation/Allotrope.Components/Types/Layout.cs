namespace Allotrope.Components;

/// <summary>
/// What a value takes of a memory, in bytes. The alignment is a power of two. An object, as types that several threads use keep theirs once it is known.
/// </summary>
sealed record Layout(long Size, int Alignment)
{
    internal static Layout Of(int size) => new(size, size);

    /// <summary>The next address from here on that has the alignment.</summary>
    internal static long Align(long address, int alignment) => (address + alignment - 1) & -alignment;

    /// <summary>Values one after the other.</summary>
    internal static Layout Sequence(IEnumerable<WitType> types, bool wide)
    {
        var all = new Layout(0, 1);
        foreach (var type in types)
        {
            var part = type.LayoutIn(wide);
            all = new(Align(all.Size, part.Alignment) + part.Size, Math.Max(all.Alignment, part.Alignment));
        }

        return all with { Size = Align(all.Size, all.Alignment) };
    }

    /// <summary>A discriminant and room for the largest of the cases' values.</summary>
    internal static Layout Choice(int cases, IEnumerable<WitType> values, bool wide)
    {
        var discriminant = Discriminant(cases);
        var largest = new Layout(0, 1);
        foreach (var value in values)
        {
            var part = value.LayoutIn(wide);
            largest = new(Math.Max(largest.Size, part.Size), Math.Max(largest.Alignment, part.Alignment));
        }

        var alignment = Math.Max(discriminant, largest.Alignment);
        return new(Align(Align(discriminant, largest.Alignment) + largest.Size, alignment), alignment);
    }

    /// <summary>Bytes of the number that says which of so many cases it is.</summary>
    internal static int Discriminant(int cases) => cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4;
}
