using System.Collections.Immutable;

namespace Allotrope.Components;

/// <summary>
/// A validated component and the code of its modules. It holds no state of any guest and can be instantiated any number of times from any thread.
/// </summary>
public sealed class Component
{
    internal Component(ComponentType type, ImmutableArray<Definition> definitions)
    {
        Type = type;
        Definitions = definitions;
        IsConcurrent = definitions.Any(Waiting.MakesConcurrent);
        LeavesInTheMiddle = definitions.Any(each => Waiting.LeavesInTheMiddle(each) || each is Definition.Nested { Component.LeavesInTheMiddle: true });
    }

    /// <summary>What it needs and offers.</summary>
    public ComponentType Type { get; }

    /// <summary>The steps that make an instance, in order.</summary>
    internal ImmutableArray<Definition> Definitions { get; }

    /// <summary>Whether instances of it, not of those within it, may have several calls under way.</summary>
    internal bool IsConcurrent { get; }

    /// <summary>Whether core code of it, or of those within it, may have to wait in the middle of what it does.</summary>
    internal bool LeavesInTheMiddle { get; }

    /// <summary>Whether the bytes begin as a component does; a core module begins otherwise.</summary>
    public static bool IsComponent(ReadOnlySpan<byte> binary) => binary.StartsWith(ComponentDecoder.Preamble);

    /// <summary>Decodes and validates a component and compiles the modules in it.</summary>
    /// <exception cref="InvalidComponentException">The bytes are no valid component, or need a feature this library does not have.</exception>
    public static Component Compile(ReadOnlySpan<byte> binary, ComponentOptions? options = null) =>
        ComponentDecoder.Decode(binary.ToArray(), options ?? ComponentOptions.Default);
}
