using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>A global variable or constant that modules share with each other or the host.</summary>
public sealed class Global
{
    /// <summary>A number's bits; read and written by compiled code.</summary>
    internal long Bits;

    /// <summary>A vector; read and written by compiled code.</summary>
    internal Vector128<byte> Vector;

    /// <summary>A reference; read and written by compiled code.</summary>
    internal object? Reference;

    /// <param name="value">What it holds at first; decides its type.</param>
    /// <param name="mutable">Whether guests may assign to it.</param>
    public Global(Value value, bool mutable = false)
        : this(value.Kind, value, mutable)
    {
    }

    /// <param name="type">What it may hold.</param>
    /// <param name="value">What it holds at first.</param>
    /// <param name="mutable">Whether guests may assign to it.</param>
    /// <exception cref="InvalidOperationException">The value is none of the type.</exception>
    public Global(WasmType type, Value value, bool mutable = false)
    {
        Type = type;
        IsMutable = mutable;
        Assign(value);
    }

    public WasmType Type { get; }

    public bool IsMutable { get; }

    /// <summary>Instances that import it.</summary>
    internal int Importers { get; set; }

    /// <exception cref="InvalidOperationException">The global is a constant, or the value is of another type.</exception>
    public Value Value
    {
        get => Type.Kind switch
        {
            ValueKind.V128 => Value.FromVector128(Vector),
            var kind when kind.IsReference => Value.FromReference(kind, Reference),
            var kind => Value.FromBits(kind, Bits),
        };
        set
        {
            if (!IsMutable)
                throw new InvalidOperationException("the global is constant");
            Assign(value);
        }
    }

    /// <summary>Gives it what it held, constant or not.</summary>
    internal void Restore(Value value) => Assign(value);

    void Assign(Value value)
    {
        if (Type.IsReference)
            Reference = value.AsReference(Type);
        else if (Type.Kind == ValueKind.V128)
            Vector = value.AsVector128();
        else if (value.Kind == Type.Kind)
            Bits = value.Bits;
        else
            throw new InvalidOperationException($"the global holds {Type}, not {value.Kind.Name}");
    }
}
