namespace Allotrope.Components;

/// <summary>Handles: objects of the host, or a <see cref="ResourceValue"/> for what a guest defines.</summary>
sealed class HandleShape(Type host, HandleType wit) : Shape(host, wit)
{
    internal ResourceType Resource { get; } = wit.Resource;

    internal bool IsBorrow { get; } = wit.IsBorrow;

    /// <summary>Whether the guest defines it.</summary>
    internal bool IsGuests { get; } = host == typeof(ResourceValue);

    /// <inheritdoc/>
    internal override long HeapBytes => (3 * sizeof(ulong)) + ObjectBytes;

    internal override object? ToHost(object? value) => IsGuests ? value : ((ResourceValue)value!).Target;

    internal override object? FromHost(object? value) => value is null
        ? throw new ArgumentException($"null is no {Wit}", nameof(value))
        : IsGuests ? value : new HostObject(value);
}

/// <summary>An object of the host on its way to a guest, which knows by the type what resource it is.</summary>
readonly record struct HostObject(object Target);
