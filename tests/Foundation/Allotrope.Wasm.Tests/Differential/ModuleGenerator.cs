namespace Allotrope.Wasm.Tests.Differential;

/// <summary>
/// Makes a valid module of a seed. Every program ends (iterations and calls are counted) and leaves open nothing that the specification leaves open:
/// floats are made canonical before their bits can be seen.
/// </summary>
/// <param name="seed">The same seed, size and features give the same module.</param>
/// <param name="features">What it may use.</param>
/// <param name="size">From 0 upwards.</param>
/// <param name="omitted">Numbers of parts to leave out; see <see cref="Chance"/>.</param>
sealed class ModuleGenerator(ulong seed, Features features, int size, HashSet<ulong>? omitted = null)
{
    const int CallsOfEachEntry = 2;

    readonly ModulePlan _plan = new(new Chance(seed).Child(), features, size);
    readonly Chance _code = new Chance(~seed).Child();

    /// <summary>The parts that the last <see cref="Make"/> came by and that can be left out, in their order.</summary>
    public List<ulong> Parts { get; } = [];

    public GeneratedModule Make()
    {
        Parts.Clear();
        var module = new ByteWriter().Bytes([0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0]);
        Section(module, 1, _plan.Groups, TypeGroup);
        Section(module, 2, ["i32", "i64", "ask"], (writer, name) => writer.Name("host").Name(name).Byte(0).Unsigned(Array.IndexOf(["i32", "i64", "ask"], name)));
        Section(module, 3, _plan.Functions.Skip(ModulePlan.Imports), (writer, function) => writer.Unsigned(function.Type));
        Section(module, 4, _plan.Tables, (writer, table) => Limits(writer.Type(table.Element), table.Wide, table.Minimum, table.Maximum));
        Section(module, 5, _plan.Memories, (writer, memory) => Limits(writer, memory.Wide, memory.Minimum, memory.Maximum));
        Section(module, 13, _plan.Tags, (writer, tag) => writer.Byte(0).Unsigned(tag));
        Section(module, 6, _plan.Globals, GlobalOf);
        Section(module, 7, Exports(), (writer, export) => writer.Name(export.Name).Byte(export.Sort).Unsigned(export.Index));
        if (_plan.Start >= 0) module.Byte(8).Sized(new ByteWriter().Unsigned(_plan.Start));
        Section(module, 9, [.. _plan.Elements, null], Elements);
        module.Byte(12).Sized(new ByteWriter().Unsigned(_plan.Data.Count));
        Section(module, 10, Enumerable.Range(ModulePlan.Imports, _plan.Functions.Count - ModulePlan.Imports), (writer, function) => writer.Sized(Body(function)));
        Section(module, 11, _plan.Data, Data);
        return new(module.ToArray(), [.. Calls()]);
    }

    static void Section<T>(ByteWriter module, int id, IEnumerable<T> items, Action<ByteWriter, T> write)
    {
        var all = items.ToList();
        if (all.Count == 0 && id != 11) return;
        var content = new ByteWriter().Unsigned(all.Count);
        foreach (var item in all) write(content, item);
        module.Byte(id).Sized(content);
    }

    void TypeGroup(ByteWriter writer, (int Start, int End) group)
    {
        if (group.End - group.Start > 1) writer.Byte(0x4e).Unsigned(group.End - group.Start);
        for (var index = group.Start; index < group.End; index++)
        {
            var type = _plan.Types[index];
            if (type.Open || type.Super >= 0)
            {
                writer.Byte(type.Open ? 0x50 : 0x4f);
                if (type.Super >= 0) writer.Byte(1).Unsigned(type.Super);
                else writer.Byte(0);
            }
            switch (type)
            {
                case TypeDef.Function function:
                    Many(Many(writer.Byte(0x60), function.Parameters), function.Results);
                    break;
                case TypeDef.Struct made:
                    writer.Byte(0x5f).Unsigned(made.Fields.Length);
                    foreach (var field in made.Fields) Field(field);
                    break;
                case TypeDef.Array array:
                    writer.Byte(0x5e);
                    Field(array.Element);
                    break;
            }
        }

        void Field(FieldDef field)
        {
            if (field.Packed != 0) writer.Byte(field.Packed);
            else writer.Type(field.Type);
            writer.Byte(field.Mutable ? 1 : 0);
        }

        static ByteWriter Many(ByteWriter writer, Ty[] types)
        {
            writer.Unsigned(types.Length);
            foreach (var type in types) writer.Type(type);
            return writer;
        }
    }

    static void Limits(ByteWriter writer, bool wide, int minimum, int maximum) => writer.Byte(wide ? 5 : 1).Unsigned(minimum).Unsigned(maximum);

    void GlobalOf(ByteWriter writer, GlobalDef global)
    {
        writer.Type(global.Type).Byte(global.Mutable ? 1 : 0);
        new FunctionGenerator(_plan, writer, [], []).Constant(global.Type, _code.Child());
        writer.Op(Opcode.End);
    }

    IEnumerable<(string Name, int Sort, int Index)> Exports()
    {
        for (var i = 0; i < _plan.Functions.Count; i++)
            if (_plan.Functions[i].Role is FunctionRole.Entry or FunctionRole.Dump && i != _plan.Start)
                yield return (ExportOf(i), 0, i);
        for (var i = 0; i < _plan.Memories.Count; i++) yield return ($"m{i}", 2, i);
        for (var i = 0; i < _plan.Tables.Count; i++) yield return ($"t{i}", 1, i);
        for (var i = 0; i < _plan.Globals.Count; i++)
            if (_plan.Globals[i].Export is { } name) yield return (name, 3, i);
    }

    static string ExportOf(int function) => $"f{function}";

    /// <summary>Null stands for the segment that declares all functions, so that all may be referred to.</summary>
    void Elements(ByteWriter writer, ElementDef? segment)
    {
        int[] functions = segment?.Functions ?? [.. Enumerable.Range(0, _plan.Functions.Count)];
        if (segment is null)
            writer.Unsigned(3).Byte(0);
        else if (segment.Offset is { } offset)
            writer.Unsigned(0).I32(offset).Op(Opcode.End);
        else
            writer.Unsigned(1).Byte(0);
        writer.Unsigned(functions.Length);
        foreach (var function in functions) writer.Unsigned(function);
    }

    void Data(ByteWriter writer, DataDef segment)
    {
        if (segment.Offset is not { } offset)
        {
            writer.Byte(1);
        }
        else
        {
            if (segment.Memory == 0) writer.Byte(0);
            else writer.Byte(2).Unsigned(segment.Memory);
            if (_plan.Memories[segment.Memory].Wide) writer.I64(offset);
            else writer.I32(offset);
            writer.Op(Opcode.End);
        }
        writer.Sized(new ByteWriter().Bytes(segment.Bytes));
    }

    ByteWriter Body(int function)
    {
        var code = new ByteWriter();
        var locals = new List<Ty>();
        new FunctionGenerator(_plan, code, locals, Parts) { Omitted = omitted ?? [] }.Write(function, _code.Child());
        var body = new ByteWriter().Unsigned(locals.Count);
        foreach (var local in locals) body.Unsigned(1).Type(local);
        return body.Bytes(code.ToArray());
    }

    IEnumerable<GuestCall> Calls()
    {
        var chance = _code.Child();
        for (var i = 0; i < _plan.Functions.Count; i++)
        {
            if (_plan.Functions[i].Role is not (FunctionRole.Entry or FunctionRole.Dump) || i == _plan.Start) continue;
            var signature = _plan.SignatureOf(i);
            ValueKind[] parameters = [.. signature.Parameters.Select(type => type.Kind)];
            for (var call = 0; call < (parameters.Length == 0 ? 1 : CallsOfEachEntry); call++)
                yield return new(ExportOf(i), parameters, [.. parameters.Select(kind => Numbers.Bits(kind, chance))], [.. signature.Results.Select(type => type.Kind)]);
        }
    }
}
