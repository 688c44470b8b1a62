using System.Text.RegularExpressions;
using Allotrope.Wasm.Tests.Assembly;
using static Allotrope.Components.Tests.Assembly.ComponentBytes;

namespace Allotrope.Components.Tests.Assembly;

/// <summary>
/// A component of one module that has functions of the Component Model and of the host at hand. Code calls all functions by name (<c>call $name</c>); it has a
/// memory of a page, in which <c>realloc</c> gives room from 1,024 on, and a table with its functions from the first on.
/// </summary>
sealed partial class TaskComponent
{
    /// <summary>An asynchronous function without parameters that gives a number.</summary>
    public const uint GivesNumber = 0;

    /// <summary>The same of a synchronous one.</summary>
    public const uint GivesNumberAtOnce = 1;

    readonly List<byte[]> _types = [[0x43, 0, 0, 0x79], [0x40, 0, 0, 0x79]];
    readonly List<(string Name, uint Type, string Core, byte[] Options)> _imports = [];
    readonly List<(string Name, string Core, byte[] Canon)> _builtIns = [];
    readonly List<(string Name, string Core, string Code, string Locals)> _functions = [];
    readonly List<(string Name, uint Type, byte[] Options, string? Callback)> _lifts = [];

    /// <summary>The interface that it imports all its functions from, which then have numbers only; null where they are imported alone.</summary>
    public string? From { get; init; }

    /// <summary>The interface that its functions are exported as too.</summary>
    public string? Offered { get; init; }

    /// <summary>What <c>realloc</c> gives instead of room.</summary>
    public int? Room { get; init; }

    /// <summary>Adds a type of the component and gives its index.</summary>
    public uint Type(params byte[] bytes)
    {
        _types.Add(bytes);
        return (uint)_types.Count - 1;
    }

    /// <summary>A function of the host. It is called asynchronously, unless that is said.</summary>
    public TaskComponent Import(string name, uint type, string core, bool isAsync = true)
    {
        _imports.Add((name, type, core, isAsync ? List(Bytes(6), Bytes(3, 0), Bytes(4, 0)) : List(Bytes(3, 0), Bytes(4, 0))));
        return this;
    }

    /// <summary>A function of the Component Model, by the bytes of its definition.</summary>
    public TaskComponent BuiltIn(string name, string core, params byte[] canon)
    {
        _builtIns.Add((name, core, canon));
        return this;
    }

    /// <summary>Returns a number.</summary>
    public TaskComponent ReturnsNumbers() => BuiltIn("return", "i32->", 0x09, 0, 0x79, 0);

    public TaskComponent Function(string name, string core, string code, string locals = "")
    {
        _functions.Add((name, core, code, locals));
        return this;
    }

    /// <summary>An asynchronous export without a callback, unless one is named.</summary>
    public TaskComponent Export(string name, uint type = GivesNumber, string? callback = null)
    {
        _lifts.Add((name, type, callback is null ? Bytes(6) : Bytes(6, 7), callback));
        return this;
    }

    /// <summary>A synchronous export.</summary>
    public TaskComponent ExportAtOnce(string name, uint type = GivesNumberAtOnce)
    {
        _lifts.Add((name, type, [], null));
        return this;
    }

    public Component Compile(ComponentOptions? options = null) => Components.Component.Compile(Build(), options);

    public ComponentInstance Instantiate(Wasm.Store store) => ComponentInstance.Create(store, Compile());

    public byte[] Build()
    {
        // Core functions: realloc, those of the host, those of the Component Model, the module's own.
        string[] given = [.. _imports.Select(each => each.Name), .. _builtIns.Select(each => each.Name)];
        var own = 1 + given.Length;
        return Component(
            Section(7, List([.. _types])),
            Imports(),
            Section(1, Library()), Section(2, List(Instance(0))),
            Section(6, List(CoreAlias(0, 0, "realloc"), CoreAlias(2, 0, "memory"), CoreAlias(1, 0, "table"))),
            Section(3, List(Bytes(0x60, 1, 0x7F, 0))),
            Section(8, List([.. _imports.Select((each, i) => Join([1, 0], Leb.Unsigned((ulong)i), each.Options)), .. _builtIns.Select(each => each.Canon)])),
            Section(1, Main()),
            Section(2, List(
                Join([1], List([.. given.Select((name, i) => Join(Name(name), [0], Leb.Unsigned((ulong)(i + 1))))])),
                Instance(1, Argument("library", 0), Argument("given", 1)))),
            Section(6, List([.. _functions.Select(each => CoreAlias(0, 2, each.Name))])),
            Section(8, List([.. _lifts.Select(each => Lift(each.Name, each.Type, each.Options, each.Callback, own))])),
            Section(11, List([.. _lifts.Select((each, i) => Join(ExternName(each.Name), [1], Leb.Unsigned((ulong)(_imports.Count + i)), [0]))])),
            Offered is null ? [] : Join(
                Section(5, List(Join([1], List([.. _lifts.Select((each, i) => Join(ExternName(each.Name), [1], Leb.Unsigned((ulong)(_imports.Count + i))))])))),
                Section(11, List(Join(ExternName(Offered), [5, (byte)(From is null ? 0 : 1), 0])))));
    }

    byte[] Imports()
    {
        if (From is null)
            return Section(10, List([.. _imports.Select(each => Join(ExternName(each.Name), [1], Leb.Unsigned(each.Type)))]));
        var functions = _imports.SelectMany((each, i) => new[] { Join([1], _types[(int)each.Type]), Join([4], ExternName(each.Name), [1], Leb.Unsigned((ulong)i)) });
        return Join(
            Section(7, List(Join([0x42], List([.. functions])))),
            Section(10, List(Join(ExternName(From), [5], Leb.Unsigned((ulong)_types.Count)))),
            Section(6, List([.. _imports.Select(each => Join([1, 0, 0], Name(each.Name)))])));
    }

    byte[] Lift(string name, uint type, byte[] options, string? callback, int own)
    {
        var all = new List<byte[]> { Bytes(3, 0), Bytes(4, 0) };
        if (options.Length > 0) all.Add(Bytes(6));
        if (callback is not null) all.Add(Join([7], Leb.Unsigned((ulong)(own + Place(callback)))));
        return Join([0, 0], Leb.Unsigned((ulong)(own + Place(name))), List([.. all]), Leb.Unsigned(type));
    }

    int Place(string function) => _functions.FindIndex(each => each.Name == function);

    byte[] Library() => new ModuleText().Memory(1, export: "memory").Table(64, export: "table").Global(Wasm.ValueKind.I32, "i32.const 1024", mutable: true)
        .Function("realloc", "i32,i32,i32,i32->i32", Room is { } room ? $"i32.const {room}" : """
            global.get 0 local.get 2 i32.add i32.const 1 i32.sub i32.const 0 local.get 2 i32.sub i32.and local.tee 4
            local.get 3 i32.add global.set 0 local.get 4
            """, "i32").Build();

    byte[] Main()
    {
        var module = new ModuleText().ImportMemory("library", "memory", 1).ImportTable("library", "table", "funcref", 64);
        var names = new List<string>();
        foreach (var (name, core) in _imports.Select(each => (each.Name, each.Core)).Concat(_builtIns.Select(each => (each.Name, each.Core))))
        {
            module.Import("given", name, core);
            names.Add(name);
        }
        names.AddRange(_functions.Select(each => each.Name));
        module.Global(Wasm.ValueKind.I32, "i32.const 0", mutable: true);
        foreach (var (name, core, code, locals) in _functions)
            module.Function(name, core, NameOf().Replace(code, match => names.IndexOf(match.Groups[1].Value).ToString(System.Globalization.CultureInfo.InvariantCulture)), locals);
        return module.Elements(0, [.. _functions.Select((_, i) => i + _imports.Count + _builtIns.Count)]).Build();
    }

    [GeneratedRegex(@"\$([\w.-]+)")]
    private static partial Regex NameOf();
}
