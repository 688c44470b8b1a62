namespace Allotrope.Components;

/// <summary>Several values one after the other.</summary>
static class Shapes
{
    /// <summary>Whether they are passed without a memory when so many core values may be.</summary>
    internal static bool AreFlat(IEnumerable<Shape> shapes, int most, bool wide)
    {
        foreach (var shape in shapes)
        {
            if (shape.Wit.FlatIn(wide) is not { } kinds || (most -= kinds.Length) < 0)
                return false;
        }

        return true;
    }

    /// <summary>Where each begins in memory.</summary>
    internal static ulong[] Offsets(Shape[] shapes, bool wide)
    {
        var offsets = new ulong[shapes.Length];
        long next = 0;
        for (var i = 0; i < shapes.Length; i++)
        {
            var layout = shapes[i].Wit.LayoutIn(wide);
            next = Layout.Align(next, layout.Alignment);
            offsets[i] = (ulong)next;
            next += layout.Size;
        }

        return offsets;
    }
}
