using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// A function's signature. Signatures are interned: equal ones are the same object for as long as anybody holds it, and carry the same
/// <see cref="DefinedType.Id"/>, so that an indirect call checks its callee's signature with one compare.
/// </summary>
public sealed class FunctionType : DefinedType
{
    static readonly FunctionType?[] Single = new FunctionType?[256];

    internal FunctionType()
    {
    }

    /// <summary>Takes nothing, gives nothing.</summary>
    internal static FunctionType None { get; } = Of([], []);

    public ImmutableArray<WasmType> Parameters { get; private set; } = [];

    public ImmutableArray<WasmType> Results { get; private set; } = [];

    public override ValueKind Kind => ValueKind.FuncRef;

    /// <summary>What compiled code returns: void, the one result's type, or a value tuple of all results.</summary>
    internal Type ClrResult { get; private set; } = typeof(void);

    /// <summary>What calls functions of this signature with values.</summary>
    internal UntypedEntries Entries => field ??= new UntypedEntries(this);

    /// <summary>Calls machine code of this signature from the interpreter.</summary>
    internal InterpretedCaller Caller => field ??= CallStubs.CreateCaller(this);

    /// <summary>Goes on with functions of this signature at one of their loops.</summary>
    internal LoopCaller LoopCaller => field ??= CallStubs.CreateLoopCaller(this);

    /// <summary>The one object that stands for this signature, as a type that extends no other and is extended by none.</summary>
    public static FunctionType Of(ReadOnlySpan<WasmType> parameters, ReadOnlySpan<WasmType> results) =>
        (FunctionType)RecursionGroup.Intern([TypeSketch.Function(Sketch(parameters), Sketch(results))])[0];

    /// <summary>Takes nothing and gives one value.</summary>
    internal static FunctionType Result(WasmType type) =>
        type.IsReference ? Of([], [type]) : Single[(byte)type.Kind] ??= Of([], [type]);

    /// <summary>The signature as the text format writes it, such as <c>(i32, i64) -> (f32)</c>.</summary>
    public override string ToString() => $"({string.Join(", ", Parameters)}) -> ({string.Join(", ", Results)})";

    internal override void Complete(TypeSketch sketch, DefinedType[] group)
    {
        Parameters = Resolve(sketch.Fields, group);
        Results = Resolve(sketch.Results, group);
        ClrResult = ResultTuple.TypeOf(Results.AsSpan());
    }

    internal override bool Extends(DefinedType super) =>
        super is FunctionType other && All(other.Parameters, Parameters) && All(Results, other.Results);

    static ImmutableArray<WasmType> Resolve(FieldSketch[] fields, DefinedType[] group)
    {
        if (fields.Length == 0)
            return [];
        var types = new WasmType[fields.Length];
        for (var i = 0; i < types.Length; i++)
            types[i] = fields[i].Resolve(group).Type;
        return ImmutableCollectionsMarshal.AsImmutableArray(types);
    }

    static bool All(ImmutableArray<WasmType> types, ImmutableArray<WasmType> wanted)
    {
        if (types.Length != wanted.Length)
            return false;
        for (var i = 0; i < types.Length; i++)
        {
            if (!types[i].Matches(wanted[i]))
                return false;
        }

        return true;
    }

    static FieldSketch[] Sketch(ReadOnlySpan<WasmType> types)
    {
        var fields = new FieldSketch[types.Length];
        for (var i = 0; i < types.Length; i++)
            fields[i] = new FieldSketch(new FieldType(types[i]));
        return fields;
    }
}

/// <summary>Calls a function with exactly the arguments and results its signature has.</summary>
delegate void Invoker(Function function, ReadOnlySpan<Value> arguments, Span<Value> results);
