using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// A WebAssembly exception. A host function may throw one for its guest to catch; one that no guest catches reaches the host's caller. Traps and
/// other .NET exceptions are not WebAssembly's, and pass through guests uncaught. One that a guest caught by reference and threw again is another
/// object with the same tag and values.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "without a tag it would be no WebAssembly exception")]
public sealed class GuestException : Exception
{
    /// <summary>What one costs on the .NET heap, with the stack trace that throwing gives it.</summary>
    const int ObjectBytes = 512;

    readonly Value[] _values;
    IReadOnlyList<WasmFrame>? _wasmStack;

    /// <param name="tag">What guests catch it by.</param>
    /// <param name="values">What it carries.</param>
    /// <exception cref="ArgumentException">Other values than the tag's type says.</exception>
    public GuestException(Tag tag, params ReadOnlySpan<Value> values)
        : this([.. values], tag)
    {
        var types = tag.Type.Parameters;
        if (values.Length != types.Length)
            throw new ArgumentException($"an exception of the tag carries {types.Length} values, not {values.Length}", nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            if (types[i].IsReference)
                _ = values[i].AsReference(types[i]);
            else if (types[i] != values[i].Kind)
                throw new ArgumentException($"value {i} of the exception is {values[i].Kind.Name}, not {types[i]}", nameof(values));
        }
    }

    GuestException(Value[] values, Tag tag)
        : base("a WebAssembly exception was not caught")
    {
        _values = values;
        Tag = tag;
    }

    /// <summary>What kind of exception it is: the same object as the tag it was thrown by.</summary>
    public Tag Tag { get; }

    /// <summary>What it carries.</summary>
    public ImmutableArray<Value> Values => ImmutableCollectionsMarshal.AsImmutableArray(_values);

    /// <summary>As <see cref="Trap.WasmStack"/>, from where it was thrown last.</summary>
    public IReadOnlyList<WasmFrame> WasmStack => _wasmStack ??= TrapStack.Of(this);

    internal InterpretedTrace? Interpreted { get; set; }

    /// <summary>What compiled code throws.</summary>
    internal static GuestException Of(Value[] values, Instance instance, int tag) => Make(values, instance.Tags[tag], instance);

    /// <summary>
    /// The exception as a reference that a guest may keep: a new one, as the one that was thrown has the trace of all the frames it went through.
    /// </summary>
    internal static GuestException Keep(GuestException thrown, Instance instance) => Make(thrown._values, thrown.Tag, instance);

    /// <summary>One whose values are put in afterwards, as they may lead back to it.</summary>
    internal static GuestException Restore(Value[] values, Tag tag, Instance instance) => Make(values, tag, instance);

    /// <summary>Puts a value into one that is being restored, before anybody has it.</summary>
    internal void Put(int index, in Value value) => _values[index] = value;

    /// <summary>Whether what was thrown is an exception of the tag; asked while it looks for who catches it.</summary>
    internal static bool Is(object thrown, Instance instance, int tag) => thrown is GuestException exception && exception.Tag == instance.Tags[tag];

    static GuestException Make(Value[] values, Tag tag, Instance instance)
    {
        var bytes = ObjectBytes + ((long)values.Length * Unsafe.SizeOf<Value>());
        return (GuestException)HeapBudget.Count(new GuestException(values, tag), bytes, instance.Guard.Heap);
    }

    /// <summary>A value it carries, for the code that caught it.</summary>
    internal static ref readonly Value At(GuestException exception, int index) => ref exception._values[index];
}
