using System.Collections.Concurrent;
using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A step in making an instance of a component. Each adds what it makes to the index space of its sort, so that steps name what earlier ones made by
/// its place.
/// </summary>
abstract record Definition
{
    /// <summary>A core module that is part of the component.</summary>
    internal sealed record CoreModule(Module Module) : Definition;

    /// <summary>An instance of a core module; each argument is a core instance that supplies the imports of that name.</summary>
    internal sealed record InstantiateModule(int Module, ImmutableArray<NamedIndex> Arguments) : Definition;

    /// <summary>A core instance made of what is there.</summary>
    internal sealed record CoreBundle(ImmutableArray<NamedIndex> Exports) : Definition;

    /// <summary>A component within the component.</summary>
    internal sealed record Nested(Component Component) : Definition;

    /// <summary>An instance of a component. What its resources are called here is in the type.</summary>
    internal sealed record InstantiateComponent(int Component, ImmutableArray<NamedIndex> Arguments, InstanceType Type) : Definition;

    /// <summary>An instance made of what is there.</summary>
    internal sealed record Bundle(ImmutableArray<NamedIndex> Exports) : Definition;

    /// <summary>Something that an instance exports, core instances included.</summary>
    internal sealed record ExportAlias(Sort Sort, int Instance, string Name) : Definition;

    /// <summary>Something of the component that is so many levels further out.</summary>
    internal sealed record OuterAlias(Sort Sort, int Levels, int Index) : Definition;

    /// <summary>A resource that this component defines, new in each instance.</summary>
    internal sealed record Resource(ResourceIdentity Identity, int? Destructor) : Definition;

    /// <summary>A type that instances have nothing to do for; it has its place among the types.</summary>
    internal sealed record PlainType : Definition
    {
        internal static PlainType One { get; } = new();
    }

    /// <summary>A core function that is offered as a component's.</summary>
    internal sealed record Lift(int CoreFunction, CanonicalOptions Options, ComponentFunctionType Type) : Definition
    {
        /// <summary>Code by the type of the host's delegate that it is for.</summary>
        internal ConcurrentDictionary<Type, ExportCode> Code { get; } = [];

        /// <summary>Code for calls from other components; null where values go the slow way.</summary>
        internal ConcurrentDictionary<(bool Between, bool Waits), Adapter?> Adapters { get; } = [];
    }

    /// <summary>A component's function that is offered to core code.</summary>
    internal sealed record Lower(int Function, CanonicalOptions Options, ComponentFunctionType Type, FunctionType CoreType) : Definition
    {
        /// <summary>Code by the type of the host's delegate that it calls.</summary>
        internal ConcurrentDictionary<Type, ImportCode> Code { get; } = [];

        /// <summary>The same for functions of other components, whose types in C# nobody chose.</summary>
        internal ConcurrentDictionary<Type, ImportCode> AdapterCode { get; } = [];
    }

    /// <summary>A function for core code that makes, drops or reads a resource, or is one of those that tasks need.</summary>
    /// <param name="Intrinsic">Which.</param>
    /// <param name="CoreType">Its type.</param>
    /// <param name="Type">What it is about: a resource, stream or future, or what a task returns.</param>
    /// <param name="Options">How values are passed.</param>
    /// <param name="Slot">Which value of a thread it is about, or from which table a new thread takes its function.</param>
    /// <param name="Flag">Whether it does not wait, or whether who waits in it can be told that its task is to end.</param>
    internal sealed record BuiltIn(
        Intrinsic Intrinsic, FunctionType CoreType, TypeDefinition? Type, CanonicalOptions Options, int Slot = 0, bool Flag = false) : Definition;

    /// <summary>What somebody else supplies.</summary>
    internal sealed record Import(string Name, ComponentExternType Type) : Definition;

    /// <summary>What is offered under a name; it gets a place of its own.</summary>
    internal sealed record Export(string Name, SortIndex What, ComponentExternType Type) : Definition;
}
