namespace Allotrope.Components;

/// <summary>
/// What a type of values is in C#: a WIT type and the C# type that stands for it, checked once against each other. Values between the two are made by
/// generated code; what <see cref="ToHost"/> and <see cref="FromHost"/> do is the same the slow way, by reflection.
/// </summary>
/// <param name="host">The C# type.</param>
/// <param name="wit">The component's type.</param>
abstract class Shape(Type host, WitType wit)
{
    /// <summary>What an object takes beside its fields.</summary>
    internal const long ObjectBytes = 24;

    /// <summary>The C# type.</summary>
    internal Type Host { get; } = host;

    /// <summary>The component's type.</summary>
    internal WitType Wit { get; } = wit;

    /// <summary>At most so many bytes of the host's heap are taken by a value within an array, but for what guests say how long it is.</summary>
    internal virtual long HeapBytes => sizeof(ulong);

    /// <summary>A value of <see cref="Host"/> from a value as <see cref="ComponentInstance"/> lists them.</summary>
    internal abstract object? ToHost(object? value);

    /// <summary>The other way.</summary>
    internal abstract object? FromHost(object? value);
}
