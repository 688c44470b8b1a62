using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Components;

/// <summary>The instances of a <see cref="Composition{TState}"/>. Like one instance, it is for one caller at a time.</summary>
public sealed class ComposedInstance : IDisposable
{
    readonly OrderedDictionary<string, ComponentInstance> _instances = [];

    internal ComposedInstance()
    {
    }

    /// <summary>The instance of a component.</summary>
    /// <param name="name">What it is called in the composition.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public ComponentInstance this[string name] =>
        _instances.TryGetValue(name, out var instance) ? instance : throw new KeyNotFoundException($"the composition has no component \"{name}\"");

    /// <summary>
    /// The component in which a call ended that never came back: the innermost of those that it had gone into. Null when none has, and all can be called.
    /// </summary>
    public string? Broken
    {
        get
        {
            // Those that others need come first, so that the first on the way of the call is where the way ended.
            foreach (var (name, instance) in _instances)
            {
                if (instance.IsEntered)
                    return name;
            }

            return null;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "it is owned from here on")]
    internal void Add(string name, ComponentInstance instance) => _instances.Add(name, instance);

    /// <summary>Disposes of the instances, those that others need last. Their stores are not theirs.</summary>
    public void Dispose()
    {
        for (var i = _instances.Count - 1; i >= 0; i--)
            _instances.GetAt(i).Value.Dispose();
    }
}
