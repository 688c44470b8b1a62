namespace Allotrope.Components;

/// <summary>The type of something a component imports or exports.</summary>
public abstract record ComponentExternType
{
    ComponentExternType()
    {
    }

    /// <summary>What a type index stands for it by.</summary>
    internal abstract TypeDefinition Definition { get; }

    /// <summary>The sort's name, for messages.</summary>
    internal abstract string Sort { get; }

    /// <summary>A core module.</summary>
    public sealed record Module(ModuleType Type) : ComponentExternType
    {
        internal override TypeDefinition Definition => Type;

        internal override string Sort => "module";
    }

    /// <summary>A function.</summary>
    public sealed record Func(ComponentFunctionType Type) : ComponentExternType
    {
        internal override TypeDefinition Definition => Type;

        internal override string Sort => "func";
    }

    /// <summary>A type: any resource when <paramref name="IsAbstract"/>, then known by this name from here on, else exactly this one.</summary>
    public sealed record Bound(TypeDefinition Is, bool IsAbstract) : ComponentExternType
    {
        internal override TypeDefinition Definition => Is;

        internal override string Sort => "type";
    }

    /// <summary>A component.</summary>
    public sealed record Component(ComponentType Type) : ComponentExternType
    {
        internal override TypeDefinition Definition => Type;

        internal override string Sort => "component";
    }

    /// <summary>An instance.</summary>
    public sealed record Instance(InstanceType Type) : ComponentExternType
    {
        internal override TypeDefinition Definition => Type;

        internal override string Sort => "instance";
    }
}
