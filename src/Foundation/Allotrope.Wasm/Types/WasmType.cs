namespace Allotrope.Wasm;

/// <summary>
/// The type of a value: a number, or a reference to something of an abstract heap type or of a type that a module defines. Equal types are equal
/// values of this struct, whichever modules they come from.
/// </summary>
public readonly record struct WasmType
{
    readonly ValueKind _kind;

    WasmType(ValueKind kind, bool nullable, DefinedType? definition)
    {
        _kind = kind;
        IsNullable = nullable;
        Definition = definition;
    }

    /// <summary>Number or reference; of a reference to a defined type, whether that is of functions, structs or arrays.</summary>
    public ValueKind Kind => Definition?.Kind ?? _kind;

    /// <summary>Whether null is a value of this type. False for numbers.</summary>
    public bool IsNullable { get; }

    /// <summary>The defined type that is referred to; null for numbers and abstract heap types.</summary>
    public DefinedType? Definition { get; }

    /// <summary>Whether it is a reference.</summary>
    public bool IsReference => Definition is not null || _kind.IsReference;

    /// <summary>Whether variables of this type have a value to begin with: zero or null.</summary>
    internal bool HasDefault => IsNullable || !IsReference;

    /// <summary>Whether all that .NET's type system lets through is a value of the type, so that nothing need be checked.</summary>
    internal bool TakesAll => !IsReference || this == ValueKind.FuncRef || this == ValueKind.ExternRef || this == ValueKind.AnyRef;

    internal Type ClrType => Kind.ClrType;

    internal string Name => this switch
    {
        { Definition: { } definition } => $"(ref {(IsNullable ? "null " : "")}#{definition.Id})",
        { IsReference: true, IsNullable: false } => $"(ref {_kind.HeapName})",
        _ => _kind.Name,
    };

    /// <summary>A reference to a defined type.</summary>
    public static WasmType Reference(DefinedType definition, bool nullable = true)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(default, nullable, definition);
    }

    /// <summary>A reference of an abstract heap type.</summary>
    /// <exception cref="ArgumentException">A number.</exception>
    public static WasmType Reference(ValueKind kind, bool nullable = true) =>
        kind.IsReference ? new(kind, nullable, null) : throw new ArgumentException($"{kind.Name} is no reference", nameof(kind));

    public static implicit operator WasmType(ValueKind kind) => new(kind, kind.IsReference, null);

    /// <summary>The same type with or without null.</summary>
    internal WasmType WithNull(bool nullable) => IsReference ? new(_kind, nullable, Definition) : this;

    /// <summary>Whether every value of this type is one of <paramref name="wanted"/>.</summary>
    public bool Matches(WasmType wanted) =>
        this == wanted
        || (IsReference && wanted.IsReference && (wanted.IsNullable || !IsNullable) && HeapMatches(wanted));

    /// <summary>Whether what this refers to is also what <paramref name="wanted"/> refers to, null apart.</summary>
    bool HeapMatches(WasmType wanted)
    {
        if (wanted.Definition is { } definition)
        {
            return Definition is { } own
                ? own.IsSubtypeOf(definition)
                : _kind == ValueKinds.Bottom || _kind == (definition is FunctionType ? ValueKind.NoFuncRef : ValueKind.NoneRef);
        }

        var kind = Kind;
        if (kind == wanted._kind || (kind == ValueKinds.Bottom && Definition is null))
            return true;
        return wanted._kind switch
        {
            ValueKind.AnyRef => kind is ValueKind.EqRef or ValueKind.I31Ref or ValueKind.StructRef or ValueKind.ArrayRef or ValueKind.NoneRef,
            ValueKind.EqRef => kind is ValueKind.I31Ref or ValueKind.StructRef or ValueKind.ArrayRef or ValueKind.NoneRef,
            ValueKind.I31Ref or ValueKind.StructRef or ValueKind.ArrayRef => kind == ValueKind.NoneRef,
            ValueKind.FuncRef => kind == ValueKind.NoFuncRef,
            ValueKind.ExternRef => kind == ValueKind.NoExternRef,
            ValueKind.ExnRef => kind == ValueKind.NoExnRef,
            _ => false,
        };
    }

    /// <summary>Whether what a .NET caller hands over is a value of this reference type.</summary>
    internal bool Accepts(object? value) => value switch
    {
        null => IsNullable,
        _ when Definition is { } definition => value switch
        {
            Function function => function.Type.IsSubtypeOf(definition),
            GuestObject made => made.Definition.IsSubtypeOf(definition),
            _ => false,
        },
        _ => _kind switch
        {
            ValueKind.FuncRef => value is Function,
            ValueKind.ExternRef or ValueKind.AnyRef => true,
            ValueKind.EqRef => value is GuestObject or I31,
            ValueKind.I31Ref => value is I31,
            ValueKind.StructRef => value is GuestObject { Definition: StructType },
            ValueKind.ArrayRef => value is GuestObject { Definition: ArrayType },
            ValueKind.ExnRef => value is GuestException,
            _ => false,
        },
    };

    /// <summary>As the text format writes it.</summary>
    public override string ToString() => Name;
}
