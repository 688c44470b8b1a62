namespace Allotrope.Components;

/// <summary>What has a place among a component's types: a type of values, of functions, of instances or components, or a resource.</summary>
public abstract class TypeDefinition
{
    /// <summary>Parts of a type written out in full. Types share parts, so a few bytes could stand for more than any memory holds.</summary>
    internal const int MostSize = 1_000_000;

    /// <summary>Types within types, which the code that walks them follows by recursion.</summary>
    internal const int MostDepth = 100;

    /// <summary>Types of more parts are told by their kind alone: nobody would read them.</summary>
    private protected const int LongSize = 60;

    private protected TypeDefinition(IEnumerable<TypeDefinition> parts)
    {
        foreach (var part in parts)
        {
            Size = Math.Min(Size + part.Size, MostSize + 1L);
            Depth = Math.Max(Depth, part.Depth + 1);
            MentionsNames |= part.MentionsNames;
        }
    }

    /// <summary>Parts when written out in full, itself included; not counted beyond <see cref="MostSize"/>.</summary>
    internal long Size { get; } = 1;

    private protected bool IsLong => Size > LongSize;

    /// <summary>Types within types, itself included.</summary>
    internal int Depth { get; } = 1;

    /// <summary>What <see cref="FreeResources"/> found; null when nobody has asked.</summary>
    internal bool? HasFreeResources { get; set; }

    /// <summary>Whether it is of resources or of types that need names, which may become others where it is used.</summary>
    internal bool MentionsNames { get; private protected init; }
}
