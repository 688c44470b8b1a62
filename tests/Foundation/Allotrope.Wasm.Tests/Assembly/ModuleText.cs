using System.Text;
using Allotrope.Wasm.Tests.Interpretation;

namespace Allotrope.Wasm.Tests.Assembly;

/// <summary>
/// Writes small modules for tests. Signatures and instructions are text in the specification's words: <c>"i32,i32->i32"</c> and
/// <c>"local.get 0 local.get 1 i32.add"</c>. Indices count from 0 in the order of the calls, imports first.
/// Nothing is checked: tests need broken modules too.
/// </summary>
sealed class ModuleText
{
    readonly List<string> _types = [];
    readonly List<string[]> _groups = [];
    readonly Dictionary<int, List<byte[]>> _sections = [];
    readonly List<(int Type, byte[] Body)> _functions = [];

    /// <summary>Defines types together, as <see cref="TypeText"/> writes them. Signatures get the types after those that are defined by then.</summary>
    public ModuleText Types(params string[] group)
    {
        _types.AddRange(group);
        _groups.Add(group);
        return this;
    }

    public ModuleText Import(string module, string name, string signature) =>
        Add(Section.Import, [.. Name(module), .. Name(name), 0, .. Leb.Unsigned((ulong)TypeOf(signature))]);

    public ModuleText ImportMemory(string module, string name, uint minimum, uint? maximum = null) =>
        Add(Section.Import, [.. Name(module), .. Name(name), 2, .. Limits(minimum, maximum)]);

    public ModuleText ImportSharedMemory(string module, string name, uint minimum, uint maximum) =>
        Add(Section.Import, [.. Name(module), .. Name(name), 2, .. Shared(minimum, maximum)]);

    /// <param name="element">As <see cref="TypeText"/> has it.</param>
    public ModuleText ImportTable(string module, string name, string element, uint minimum, uint? maximum = null) =>
        Add(Section.Import, [.. Name(module), .. Name(name), 1, .. TypeText.Value(element), .. Limits(minimum, maximum)]);

    public ModuleText ImportGlobal(string module, string name, ValueKind kind, bool mutable = false) =>
        Add(Section.Import, [.. Name(module), .. Name(name), 3, (byte)kind, (byte)(mutable ? 1 : 0)]);

    /// <param name="locals">The types of its variables, such as <c>"i32,f64"</c>.</param>
    public ModuleText Function(string? export, string signature, string code, string locals = "")
    {
        if (export is not null) Export(export, 0, (_sections.GetValueOrDefault(Section.Import)?.Count(IsFunction) ?? 0) + _functions.Count);
        var types = TypeText.Values(locals);
        byte[] declared = [.. Leb.Unsigned((ulong)types.Length), .. types.SelectMany(type => (byte[])[1, .. type])];
        byte[] body = [.. declared, .. Code.Assemble(code, TypeOf), (byte)Opcode.End];
        _functions.Add((TypeOf(signature), [.. Leb.Unsigned((ulong)body.Length), .. body]));
        return this;
    }

    public ModuleText Table(
        uint minimum, uint? maximum = null, ValueKind element = ValueKind.FuncRef, string? export = null, ValueKind address = ValueKind.I32)
    {
        if (export is not null) Export(export, 1, Count(Section.Table));
        return Add(Section.Table, [(byte)element, .. Limits(minimum, maximum, address)]);
    }

    public ModuleText Memory(uint minimum, uint? maximum = null, string? export = null, ValueKind address = ValueKind.I32)
    {
        if (export is not null) Export(export, 2, Count(Section.Memory));
        return Add(Section.Memory, Limits(minimum, maximum, address));
    }

    public ModuleText Global(ValueKind kind, string initial, bool mutable = false, string? export = null) =>
        Global(kind.ToString(), initial, mutable, export);

    /// <param name="type">As <see cref="TypeText"/> has it.</param>
    /// <param name="initial">A constant expression, such as <c>"i32.const 5"</c>.</param>
    public ModuleText Global(string type, string initial, bool mutable = false, string? export = null)
    {
        if (export is not null) Export(export, 3, Count(Section.Global));
        return Add(Section.Global, [.. TypeText.Value(type), (byte)(mutable ? 1 : 0), .. Code.Assemble(initial, TypeOf), (byte)Opcode.End]);
    }

    /// <summary>A tag of exceptions that carry the parameters of the signature.</summary>
    public ModuleText Tag(string signature, string? export = null)
    {
        if (export is not null) Export(export, 4, Count(Section.Tag));
        return Add(Section.Tag, [0, .. Leb.Unsigned((ulong)TypeOf(signature))]);
    }

    public ModuleText ImportTag(string module, string name, string signature) =>
        Add(Section.Import, [.. Name(module), .. Name(name), 4, 0, .. Leb.Unsigned((ulong)TypeOf(signature))]);

    /// <summary>Puts functions into table 0 at instantiation.</summary>
    public ModuleText Elements(int offset, params int[] functions) =>
        Add(Section.Element, [0, .. Constant(offset), .. Leb.Unsigned((ulong)functions.Length), .. functions.SelectMany(f => Leb.Unsigned((ulong)f))]);

    /// <summary>Puts bytes into memory 0 at instantiation.</summary>
    public ModuleText Bytes(int offset, params byte[] bytes) =>
        Add(Section.Data, [0, .. Constant(offset), .. Leb.Unsigned((ulong)bytes.Length), .. bytes]);

    /// <summary>Puts bytes into memory 0 at instantiation, where a constant expression says.</summary>
    public ModuleText BytesAt(string place, params byte[] bytes) =>
        Add(Section.Data, [0, .. Code.Assemble(place, TypeOf), (byte)Opcode.End, .. Leb.Unsigned((ulong)bytes.Length), .. bytes]);

    /// <summary>Bytes for <c>memory.init</c>.</summary>
    public ModuleText Passive(params byte[] bytes) => Add(Section.Data, [1, .. Leb.Unsigned((ulong)bytes.Length), .. bytes]);

    /// <summary>Says before the code how many segments of bytes there are.</summary>
    public ModuleText DataCount(int segments)
    {
        _sections[Section.DataCount] = [Leb.Unsigned((ulong)segments)];
        return this;
    }

    public ModuleText SharedMemory(uint minimum, uint maximum, string? export = null)
    {
        if (export is not null) Export(export, 2, Count(Section.Memory));
        return Add(Section.Memory, Shared(minimum, maximum));
    }

    public ModuleText Start(int function)
    {
        _sections[Section.Start] = [Leb.Unsigned((ulong)function)];
        return this;
    }

    /// <summary>A custom section at the end of the module.</summary>
    public ModuleText Custom(string name, params byte[] bytes) => Add(Section.Custom, [.. Name(name), .. bytes]);

    public byte[] Build()
    {
        List<byte> module = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];
        foreach (var section in Section.Order)
            switch (section)
            {
                case Section.Type:
                    Append(module, section, [.. _groups.Select(TypeText.Definitions)]);
                    break;
                case Section.Function:
                    Append(module, section, [.. _functions.Select(function => Leb.Unsigned((ulong)function.Type))]);
                    break;
                case Section.Code:
                    Append(module, section, [.. _functions.Select(function => function.Body)]);
                    break;
                default:
                    Append(module, section, _sections.GetValueOrDefault(section) ?? []);
                    break;
            }
        return [.. module];
    }

    /// <summary>Compiles it for the tier that these tests are run in, unless the options name one.</summary>
    public Module Compile(CompileOptions? options = null) => Module.Compile(Build(), TierUnderTest.Apply(options ?? CompileOptions.Default));

    static void Append(List<byte> module, int section, List<byte[]> items)
    {
        if (items.Count == 0) return;
        if (section == Section.Custom)
        {
            foreach (var item in items) module.AddRange([(byte)section, .. Leb.Unsigned((ulong)item.Length), .. item]);
            return;
        }
        byte[] count = section is Section.Start or Section.DataCount ? [] : Leb.Unsigned((ulong)items.Count);
        module.AddRange([(byte)section, .. Leb.Unsigned((ulong)(count.Length + items.Sum(item => item.Length))), .. count]);
        items.ForEach(module.AddRange);
    }

    ModuleText Add(int section, byte[] item)
    {
        if (!_sections.TryGetValue(section, out var items)) _sections[section] = items = [];
        items.Add(item);
        return this;
    }

    void Export(string name, byte sort, int index) => Add(Section.Export, [.. Name(name), sort, .. Leb.Unsigned((ulong)index)]);

    int Count(int section) => _sections.GetValueOrDefault(section)?.Count ?? 0;

    int TypeOf(string signature)
    {
        if (_types.IndexOf(signature) is >= 0 and var known) return known;
        Types(signature);
        return _types.Count - 1;
    }

    /// <summary>An import's sort comes after its two names.</summary>
    static bool IsFunction(byte[] import)
    {
        var second = 1 + import[0];
        return import[second + 1 + import[second]] == 0;
    }

    byte[] Constant(int value) => [.. Code.Assemble($"i32.const {value}", TypeOf), (byte)Opcode.End];

    static byte[] Shared(uint minimum, uint maximum) => [3, .. Leb.Unsigned(minimum), .. Leb.Unsigned(maximum)];

    static byte[] Limits(uint minimum, uint? maximum, ValueKind address = ValueKind.I32)
    {
        var wide = address == ValueKind.I64 ? 4 : 0;
        return maximum is { } most
            ? [(byte)(wide | 1), .. Leb.Unsigned(minimum), .. Leb.Unsigned(most)]
            : [(byte)wide, .. Leb.Unsigned(minimum)];
    }

    static byte[] Name(string name) => [.. Leb.Unsigned((ulong)Encoding.UTF8.GetByteCount(name)), .. Encoding.UTF8.GetBytes(name)];

    /// <summary>Sections by their codes.</summary>
    static class Section
    {
        public const int Custom = 0, Type = 1, Import = 2, Function = 3, Table = 4, Memory = 5;
        public const int Global = 6, Export = 7, Start = 8, Element = 9, Code = 10, Data = 11, DataCount = 12, Tag = 13;

        public static readonly int[] Order = [Type, Import, Function, Table, Memory, Tag, Global, Export, Start, Element, DataCount, Code, Data, Custom];
    }
}
