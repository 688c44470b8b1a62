using System.Diagnostics.CodeAnalysis;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// A resource that a guest defines, held by the host. One that the host was given belongs to it until it gives it to a guest or disposes of it; one that it
/// was lent is of use until its call ends.
/// </summary>
[SuppressMessage("Design", "CA1063", Justification = "nothing to finalize: a guest's destructor cannot run on any thread at any time")]
public sealed class ResourceValue : IDisposable
{
    readonly bool _isOwn;
    bool _isGone;

    internal ResourceValue(InstanceResource type, long representation, bool isOwn, object? target = null)
    {
        Type = type;
        Representation = representation;
        Target = target;
        _isOwn = isOwn;
    }

    internal InstanceResource Type { get; }

    /// <summary>What it is for the instance that defines it.</summary>
    internal long Representation { get; }

    /// <summary>Which one it is, of the host's resources.</summary>
    internal object? Target { get; }

    /// <summary>Runs the guest's destructor, if the host owns the resource. Once is enough.</summary>
    /// <exception cref="ComponentTrap">The guest is running, or has trapped before.</exception>
    /// <exception cref="Trap">The destructor trapped.</exception>
    public void Dispose()
    {
        if (_isGone || !_isOwn)
            return;
        _isGone = true;
        (Target as IDisposable)?.Dispose();
        Type.Definer?.EnterFrom(null);
        Type.Destructor?.Invoke(Representation);
        Type.Definer?.LeaveTo(null);
    }

    /// <summary>What it is, for somebody who is lent it.</summary>
    /// <exception cref="ObjectDisposedException">It is not there any more.</exception>
    internal ResourceValue Lend()
    {
        ObjectDisposedException.ThrowIf(_isGone, this);
        return this;
    }

    /// <summary>What it is, for its new owner.</summary>
    /// <exception cref="ObjectDisposedException">It was given away or disposed of before.</exception>
    /// <exception cref="InvalidOperationException">It was only lent.</exception>
    internal ResourceValue Give()
    {
        ObjectDisposedException.ThrowIf(_isGone, this);
        if (!_isOwn)
            throw new InvalidOperationException("a resource that was only lent cannot be given away");
        _isGone = true;
        return this;
    }

    /// <summary>The call for which it was lent has ended.</summary>
    internal void End() => _isGone = true;
}
