namespace Allotrope.Components;

/// <summary>A resource on its way from one component to another or held by the host.</summary>
public sealed class ResourceValue
{
    internal ResourceValue(InstanceResource type, long representation)
    {
        Type = type;
        Representation = representation;
    }

    internal InstanceResource Type { get; }

    /// <summary>What it is for the instance that defines it.</summary>
    internal long Representation { get; }
}
