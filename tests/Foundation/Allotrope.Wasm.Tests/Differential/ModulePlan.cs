namespace Allotrope.Wasm.Tests.Differential;

/// <summary>What a module declares, decided before any code is written.</summary>
sealed class ModulePlan
{
    /// <summary>Functions of the host: what the guest says (i32, i64), and a question.</summary>
    public const int SayI32 = 0, SayI64 = 1, Ask = 2, Imports = 3;

    /// <summary>Holds how many more iterations and calls there may be.</summary>
    public const int FuelGlobal = 0;

    public ModulePlan(Chance chance, Features features, int size)
    {
        Features = features;
        Size = size;
        DefineTypes(chance.Child());
        DeclareStores(chance.Child());
        DeclareFunctions(chance.Child());
        DeclareGlobals(chance.Child());
        DeclareSegments(chance.Child());
    }

    public Features Features { get; }

    /// <summary>From 0 (nearly nothing) upwards.</summary>
    public int Size { get; }

    public List<TypeDef> Types { get; } = [];

    /// <summary>Types from <c>Start</c> to before <c>End</c> are defined together.</summary>
    public List<(int Start, int End)> Groups { get; } = [];

    public List<int> FunctionTypes { get; } = [];

    public List<int> HeapTypes { get; } = [];

    public List<FunctionDef> Functions { get; } = [];

    public List<MemoryDef> Memories { get; } = [];

    public List<TableDef> Tables { get; } = [];

    public List<GlobalDef> Globals { get; } = [];

    /// <summary>Function types of what tags carry.</summary>
    public List<int> Tags { get; } = [];

    public List<DataDef> Data { get; } = [];

    public List<ElementDef> Elements { get; } = [];

    /// <summary>A function that runs at instantiation, or -1.</summary>
    public int Start { get; private set; } = -1;

    public bool Has(Features feature) => (Features & feature) != Features.None;

    public TypeDef.Function Signature(int type) => (TypeDef.Function)Types[type];

    public TypeDef.Function SignatureOf(int function) => Signature(Functions[function].Type);

    /// <summary>Whether every value of one type is one of the other.</summary>
    public bool Fits(Ty value, Ty wanted)
    {
        if (value == wanted) return true;
        if (!value.IsReference || !wanted.IsReference || (value.Nullable && !wanted.Nullable)) return false;
        if (wanted.Index >= 0)
        {
            for (var index = value.Index; index >= 0; index = Types[index].Super)
                if (index == wanted.Index) return true;
            return false;
        }
        return value.Kind == wanted.Kind || wanted.Kind switch
        {
            ValueKind.AnyRef => value.Kind is ValueKind.EqRef or ValueKind.I31Ref or ValueKind.StructRef or ValueKind.ArrayRef,
            ValueKind.EqRef => value.Kind is ValueKind.I31Ref or ValueKind.StructRef or ValueKind.ArrayRef,
            _ => false,
        };
    }

    /// <summary>A type of a value, more often a number than not.</summary>
    public Ty AnyType(Chance chance, bool withDefault = true)
    {
        if (chance.Below(100) < 78)
            return chance.Of((Ty[])[ValueKind.I32, ValueKind.I32, ValueKind.I32, ValueKind.I64, ValueKind.I64, ValueKind.F32, ValueKind.F64, ValueKind.V128]);
        List<Ty> types = [ValueKind.FuncRef, ValueKind.ExternRef];
        if (Has(Features.Exceptions)) types.Add(ValueKind.ExnRef);
        if (Has(Features.Heap))
        {
            types.AddRange([ValueKind.AnyRef, ValueKind.EqRef, ValueKind.I31Ref, ValueKind.StructRef, ValueKind.ArrayRef]);
            foreach (var type in HeapTypes) types.Add(ReferenceTo(type));
        }
        var chosen = chance.Of(types);
        return withDefault || !Has(Features.Heap) || chosen.Kind == ValueKind.ExnRef || !chance.OneIn(4) ? chosen : chosen with { Nullable = false };
    }

    public Ty ReferenceTo(int type, bool nullable = true) => new(
        Types[type] switch { TypeDef.Struct => ValueKind.StructRef, TypeDef.Array => ValueKind.ArrayRef, _ => ValueKind.FuncRef }, type, nullable);

    void DefineTypes(Chance chance)
    {
        AddFunctionType(new([ValueKind.I32], [])); // of the imports
        AddFunctionType(new([ValueKind.I64], []));
        AddFunctionType(new([ValueKind.I32], [ValueKind.I32]));
        AddFunctionType(new([], []));
        if (Has(Features.Heap)) DefineHeapTypes(chance.Child());
        for (var i = chance.From(2, 5); i > 0; i--)
        {
            var own = chance.Child();
            AddFunctionType(new(AnyTypes(own, 5), AnyTypes(own, own.OneIn(3) ? 4 : 1), Has(Features.Heap) && own.OneIn(6)));
        }
        for (var i = Has(Features.Exceptions) ? chance.From(1, 3) : 0; i > 0; i--)
        {
            Tags.Add(Types.Count);
            AddFunctionType(new(AnyTypes(chance.Child(), 3), []));
        }
    }

    Ty[] AnyTypes(Chance chance, int most) => [.. Enumerable.Range(0, chance.From(0, most)).Select(_ => AnyType(chance, withDefault: false))];

    void AddFunctionType(TypeDef.Function type)
    {
        FunctionTypes.Add(Types.Count);
        Groups.Add((Types.Count, Types.Count + 1));
        Types.Add(type);
    }

    /// <summary>Structs, some of which extend others, and arrays, alone or together. References go to earlier types or the type itself.</summary>
    void DefineHeapTypes(Chance chance)
    {
        var (first, count) = (Types.Count, chance.From(2, 6));
        var together = chance.OneIn(2);
        for (var i = 0; i < count; i++)
        {
            var own = chance.Child();
            var isArray = i == 1 || (i > 0 && own.OneIn(3));
            HeapTypes.Add(Types.Count);
            if (isArray)
            {
                Types.Add(new TypeDef.Array(Field(own, ValueKind.ArrayRef), own.OneIn(3)));
            }
            else
            {
                List<int> supers = [.. HeapTypes.SkipLast(1).Where(type => Types[type] is TypeDef.Struct { Open: true })];
                var super = supers.Count > 0 && own.OneIn(2) ? own.Of(supers) : -1;
                FieldDef[] inherited = super >= 0 ? ((TypeDef.Struct)Types[super]).Fields : [];
                Types.Add(new TypeDef.Struct([.. inherited, .. Enumerable.Range(0, own.From(0, 4)).Select(_ => Field(own, ValueKind.StructRef))], super, own.OneIn(2)));
            }
            if (!together) Groups.Add((Types.Count - 1, Types.Count));
        }
        if (together) Groups.Add((first, Types.Count));

        FieldDef Field(Chance own, ValueKind kind) => own.Below(9) switch
        {
            8 => new(new Ty(kind, Types.Count), own.OneIn(2)),
            0 => new(ValueKind.I32, own.OneIn(2), 0x78),
            1 => new(ValueKind.I32, own.OneIn(2), 0x77),
            2 when HeapTypes.Count > 1 => new(ReferenceTo(HeapTypes[own.Below(HeapTypes.Count - 1)], own.OneIn(2)), own.OneIn(2)),
            3 => new(own.Of((Ty[])[ValueKind.AnyRef, ValueKind.EqRef, ValueKind.I31Ref, ValueKind.FuncRef, ValueKind.ExternRef, ValueKind.StructRef]), true),
            _ => new(own.Of((Ty[])[ValueKind.I32, ValueKind.I64, ValueKind.F32, ValueKind.F64, ValueKind.V128]), !own.OneIn(3)),
        };
    }

    void DeclareStores(Chance chance)
    {
        for (var i = Has(Features.SeveralMemories) && chance.OneIn(4) ? chance.From(2, 3) : 1; i > 0; i--)
        {
            var minimum = chance.OneIn(8) ? 0 : chance.From(1, 2);
            Memories.Add(new(Has(Features.Memory64) && chance.OneIn(4), minimum, minimum + chance.From(0, 3)));
        }
        Tables.Add(new(ValueKind.FuncRef, false, 12, chance.From(12, 20)));
        if (chance.OneIn(3)) Tables.Add(new(ValueKind.ExternRef, Has(Features.Memory64) && chance.OneIn(3), chance.From(0, 6), 10));
        if (Has(Features.Heap) && chance.OneIn(2)) Tables.Add(new(ReferenceTo(chance.Of(HeapTypes)), Has(Features.Memory64) && chance.OneIn(3), chance.From(1, 8), 16));
        if (chance.OneIn(4)) Tables.Add(new(ValueKind.FuncRef, Has(Features.Memory64) && chance.OneIn(3), 8, 8));
    }

    void DeclareFunctions(Chance chance)
    {
        for (var i = 0; i < Imports; i++) Functions.Add(new(i, FunctionRole.Import));
        var bodies = chance.From(1, 2 + Size);
        for (var i = 0; i < bodies; i++) Functions.Add(new(chance.Of(FunctionTypes), FunctionRole.Body));
        if (chance.OneIn(5))
        {
            Start = Functions.Count;
            Functions.Add(new(3, FunctionRole.Entry, Imports));
        }
        for (var i = 0; i < Math.Min(bodies, 5); i++)
        {
            var callee = Imports + bodies - 1 - i;
            Ty[] parameters = [.. Enumerable.Range(0, chance.From(0, 4)).Select(_ => chance.Of((Ty[])[ValueKind.I32, ValueKind.I64, ValueKind.F32, ValueKind.F64]))];
            Ty[] results = [.. SignatureOf(callee).Results.Where(type => type.IsNumber)];
            AddFunctionType(new(parameters, results));
            Functions.Add(new(Types.Count - 1, FunctionRole.Entry, callee));
        }
        Functions.Add(new(3, FunctionRole.Dump));
    }

    void DeclareGlobals(Chance chance)
    {
        Globals.Add(new(ValueKind.I32, true, null));
        for (var i = chance.From(1, 6); i > 0; i--)
        {
            var type = AnyType(chance, withDefault: false);
            Globals.Add(new(type, chance.Below(4) > 0, type.IsNumber && chance.OneIn(2) ? $"g{Globals.Count}" : null));
        }
    }

    void DeclareSegments(Chance chance)
    {
        for (var i = chance.From(0, 4); i > 0; i--)
        {
            var memory = chance.Below(Memories.Count);
            var bytes = new byte[chance.OneIn(4) ? chance.Below(3000) : chance.Below(40)];
            for (var at = 0; at < bytes.Length; at++) bytes[at] = (byte)chance.Bits();
            var end = Memories[memory].Minimum * Memory.PageBytes;
            int? offset = chance.Below(8) switch
            {
                0 or 1 => null,
                2 => Math.Max(0, end - bytes.Length),
                3 when chance.OneIn(4) => end - (bytes.Length / 2),
                _ => chance.Below(Math.Max(1, Math.Min(end, 60_000) - bytes.Length)),
            };
            Data.Add(new(memory, offset, bytes));
        }
        var functions = Enumerable.Range(0, Functions.Count).Where(index => Functions[index].Role is FunctionRole.Import or FunctionRole.Body).ToArray();
        Elements.Add(new(0, 0, [.. functions.Take(12)]));
        for (var i = chance.From(0, 2); i > 0; i--)
            Elements.Add(new(0, chance.OneIn(2) ? chance.From(0, 14) : null, [.. Enumerable.Range(0, chance.From(0, 4)).Select(_ => chance.Of(functions))]));
    }
}
