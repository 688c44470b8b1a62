namespace Allotrope.Wasm;

/// <summary>The type of something a module imports or exports.</summary>
public abstract record ExternType
{
    ExternType()
    {
    }

    /// <summary>A function of the given signature.</summary>
    public sealed record Func(FunctionType Type) : ExternType
    {
        public override string ToString() => $"function {Type}";
    }

    /// <summary>A table of references; <paramref name="Limits"/> in elements.</summary>
    public sealed record Table(WasmType Element, Limits Limits) : ExternType
    {
        public override string ToString() => $"table {Limits} {Element.Name}";
    }

    /// <summary>A linear memory; <paramref name="Limits"/> in pages of 64 KiB.</summary>
    public sealed record Memory(Limits Limits) : ExternType
    {
        public override string ToString() => $"memory {Limits}";
    }

    /// <summary>A tag of exceptions; the parameters of <paramref name="Type"/> are what they carry.</summary>
    public sealed record Tag(FunctionType Type) : ExternType
    {
        public override string ToString() => $"tag {Type}";
    }

    /// <summary>A global variable or constant.</summary>
    public sealed record Global(WasmType Type, bool Mutable) : ExternType
    {
        public override string ToString() => Mutable ? $"global mut {Type.Name}" : $"global {Type.Name}";
    }
}
