namespace Allotrope.Wasm;

/// <summary>A global variable or constant that modules share with each other or the host.</summary>
public sealed class Global
{
    /// <summary>A number's bits; read and written by compiled code.</summary>
    internal long Bits;

    /// <summary>A reference; read and written by compiled code.</summary>
    internal object? Reference;

    /// <param name="value">What it holds at first; decides its type.</param>
    /// <param name="mutable">Whether guests may assign to it.</param>
    public Global(Value value, bool mutable = false)
    {
        Kind = value.Kind;
        IsMutable = mutable;
        Assign(value);
    }

    public ValueKind Kind { get; }

    public bool IsMutable { get; }

    /// <exception cref="InvalidOperationException">The global is a constant, or the value is of another type.</exception>
    public Value Value
    {
        get => Kind.IsReference ? Value.FromReference(Kind, Reference) : Value.FromBits(Kind, Bits);
        set
        {
            if (!IsMutable)
                throw new InvalidOperationException("the global is constant");
            if (value.Kind != Kind)
                throw new InvalidOperationException($"the global holds {Kind.Name}, not {value.Kind.Name}");
            Assign(value);
        }
    }

    void Assign(Value value)
    {
        if (Kind.IsReference)
            Reference = value.Reference;
        else
            Bits = value.Bits;
    }
}
