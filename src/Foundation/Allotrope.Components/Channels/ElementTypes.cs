namespace Allotrope.Components;

/// <summary>Types of instances: each calls resources by names of its own, so what matters is what they mean there.</summary>
static class ElementTypes
{
    /// <summary>Whether two types are the same. Recursion follows types, whose depth is bounded, and the work is.</summary>
    /// <exception cref="ComponentTrap">They are too large.</exception>
    internal static bool AreSame(WitType one, InstanceState ofOne, WitType other, InstanceState ofOther)
    {
        try
        {
            return AreSame(one, ofOne, other, ofOther, new TypeWork());
        }
        catch (TypeMismatchException e)
        {
            throw new ComponentTrap(e.Message, e);
        }
    }

    static bool AreSame(WitType one, InstanceState ofOne, WitType other, InstanceState ofOther, TypeWork work)
    {
        work.Step(1 + one.LabelCount);
        if (!one.HasShapeOf(other) || one.Parts.Length != other.Parts.Length)
            return false;
        if (one is HandleType handle)
            return ofOne.ResourceOf(handle.Resource) == ofOther.ResourceOf(((HandleType)other).Resource);
        for (var i = 0; i < one.Parts.Length; i++)
        {
            if (!AreSame(one.Parts[i], ofOne, other.Parts[i], ofOther, work))
                return false;
        }

        return true;
    }
}
