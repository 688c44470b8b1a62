using Allotrope.Wasm;
using Allotrope.Wasm.Tests.Assembly;
using static Allotrope.Components.Tests.Assembly.ComponentBytes;

namespace Allotrope.Components.Tests.Assembly;

/// <summary>
/// A component that exports functions each of which calls the function of the same name that it imports from one interface, with the values that it was
/// given and gives.
/// </summary>
sealed class EchoComponent
{
    readonly List<byte[]> _inside = [];
    readonly List<byte[]> _outside = [];
    readonly Dictionary<WitType, (string Name, int Inside, int Outside)> _named = new(ReferenceEqualityComparer.Instance);
    int _insideTypes;
    int _outsideTypes = 1;

    /// <summary>What options canonical definitions have.</summary>
    public StringEncoding Encoding { get; init; }

    /// <summary>Whether the memory has 64-bit addresses.</summary>
    public bool IsWide { get; init; }

    public string Interface { get; init; } = "test:host/api@0.2.0";

    /// <summary>The interface that the functions are exported as too; null for none.</summary>
    public string? Offered { get; init; }

    string Pointer => IsWide ? "i64" : "i32";

    public byte[] Build(params (string Name, ComponentFunctionType Type)[] functions)
    {
        var options = new CanonicalOptions(Encoding, 0, IsWide, 0);
        var inside = new TypeBytes(DefineInside, NameInside);
        var outside = new TypeBytes(DefineOutside, NameOutside);
        foreach (var (name, type) in functions)
        {
            var index = DefineInside(inside.Function(type));
            _inside.Add(Join([4], ExternName(name), [1], Leb.Unsigned((ulong)index)));
        }

        var interfaceType = Section(7, List(Join([0x42], List([.. _inside]))));
        var types = functions.Select(each => DefineOutside(outside.Function(each.Type))).ToArray();
        foreach (var type in Offered is null ? [] : _named.Keys.ToList())
            NameOutside(type, null);
        byte[] encoded = [(byte)Encoding];
        var optionBytes = List(encoded, [3, 0], [4, 0]);
        var lowers = functions.Select((_, i) => Join([1, 0], Leb.Unsigned((ulong)i), optionBytes)).ToArray();
        // Core functions: realloc, the lowered ones, then post-return and the echoes.
        var first = 1 + functions.Length;
        var lifts = functions.Select((_, i) => Join(
            [0, 0], Leb.Unsigned((ulong)(first + (2 * i))),
            List(encoded, [3, 0], [4, 0], Join([5], Leb.Unsigned((ulong)(first + (2 * i) + 1)))), Leb.Unsigned((ulong)types[i]))).ToArray();
        return Component(
            interfaceType, Section(10, List(Join(ExternName(Interface), [5, 0]))), Join([.. _outside]),
            Section(1, Library()), Section(2, List(Instance(0))),
            Section(6, List(CoreAlias(0, 0, "realloc"), CoreAlias(2, 0, "memory"))),
            Section(6, List([.. functions.Select(each => Join([1, 0, 0], Name(each.Name)))])),
            Section(8, List(lowers)),
            Section(1, Echo(functions, options)),
            Section(2, List(
                Join([1], List([.. functions.Select((each, i) => Join(Name(each.Name), [0], Leb.Unsigned((ulong)(i + 1))))])),
                Instance(1, Argument("library", 0), Argument("host", 1)))),
            Section(6, List([.. functions.SelectMany(each => new[] { CoreAlias(0, 2, each.Name), CoreAlias(0, 2, $"{each.Name}-end") })])),
            Section(8, List(lifts)),
            Section(11, List([.. functions.Select((each, i) => Join(ExternName(each.Name), [1], Leb.Unsigned((ulong)(functions.Length + i)), [0]))])),
            Offered is null ? [] : Join(
                Section(5, List(Join([1], List([.. _named.Values.Select(each => Join(ExternName(each.Name), [3], Leb.Unsigned((ulong)each.Outside))), .. functions.Select((each, i) => Join(ExternName(each.Name), [1], Leb.Unsigned((ulong)(functions.Length + i))))])))),
                Section(11, List(Join(ExternName(Offered), [5, 1, 0])))));
    }

    /// <summary>Gives room one after the other and takes it all back at once.</summary>
    byte[] Library()
    {
        var p = Pointer;
        var wide = IsWide ? ValueKind.I64 : ValueKind.I32;
        return new ModuleText().Memory(4, address: wide, export: "memory").Global(wide, $"{p}.const 64", mutable: true, export: "top")
            .Function("realloc", $"{p},{p},{p},{p}->{p}", $"""
                global.get 0 local.get 2 {p}.add {p}.const 1 {p}.sub {p}.const 0 local.get 2 {p}.sub {p}.and local.tee 4
                local.get 3 {p}.add global.set 0
                block loop
                  global.get 0 memory.size {p}.const 16 {p}.shl {p}.le_u br_if 1
                  {p}.const 16 memory.grow {p}.const -1 {p}.eq if unreachable end br 0
                end end
                local.get 0 if_nonzero local.get 4
                """.Replace("if_nonzero", $"{p}.eqz if else local.get 4 local.get 0 local.get 1 local.get 3 local.get 1 local.get 3 {p}.lt_u select memory.copy end"), p)
            .Build();
    }

    byte[] Echo((string Name, ComponentFunctionType Type)[] functions, CanonicalOptions options)
    {
        var p = Pointer;
        var module = new ModuleText().Import("library", "realloc", $"{p},{p},{p},{p}->{p}").ImportGlobal("library", "top", IsWide ? ValueKind.I64 : ValueKind.I32, mutable: true);
        foreach (var (name, type) in functions)
            module.Import("host", name, Text(CanonicalSignature.Lower(type, options)));
        foreach (var (i, (name, type)) in functions.Index())
        {
            var (lifted, lowered) = (CanonicalSignature.Lift(type, options), CanonicalSignature.Lower(type, options));
            var load = string.Join(' ', lifted.Parameters.Select((_, place) => $"local.get {place}"));
            var result = lowered.Parameters.Length == lifted.Parameters.Length ? ""
                : $"{p}.const 0 {p}.const 0 {p}.const 8 {p}.const {Layout.Sequence([type.Result!], IsWide).Size} call 0 local.tee {lifted.Parameters.Length}";
            var after = result.Length == 0 ? "" : $"local.get {lifted.Parameters.Length}";
            module.Function(name, Text(lifted), $"{load} {result} call {i + 1} {after}", p);
            module.Function($"{name}-end", $"{string.Join(',', lifted.Results)}->", $"{p}.const 64 global.set 0");
        }

        return module.Build();
    }

    static string Text(FunctionType type) => $"{string.Join(',', type.Parameters)}->{string.Join(',', type.Results)}";

    int DefineInside(byte[] type)
    {
        _inside.Add(Join([1], type));
        return _insideTypes++;
    }

    int DefineOutside(byte[] type)
    {
        _outside.Add(Section(7, List(type)));
        return _outsideTypes++;
    }

    /// <summary>In the interface a type gets its name.</summary>
    int NameInside(WitType type, int? defined)
    {
        if (defined is null)
            return _named.TryGetValue(type, out var there) ? there.Inside : -1;
        var name = $"t{_named.Count}";
        _inside.Add(Join([4], ExternName(name), [3, 0], Leb.Unsigned((ulong)defined.Value)));
        _named.Add(type, (name, _insideTypes++, -1));
        return _insideTypes - 1;
    }

    /// <summary>Outside it is what the interface calls so.</summary>
    int NameOutside(WitType type, int? defined)
    {
        var known = _named[type];
        if (known.Outside >= 0)
            return known.Outside;
        _outside.Add(Section(6, List(Join([3, 0, 0], Name(known.Name)))));
        _named[type] = known with { Outside = _outsideTypes };
        return _outsideTypes++;
    }
}
