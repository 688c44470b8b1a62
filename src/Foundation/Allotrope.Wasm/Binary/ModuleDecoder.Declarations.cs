namespace Allotrope.Wasm;

/// <content>Types, imports, the index spaces and exports.</content>
sealed partial class ModuleDecoder
{
    const byte FunctionTypeForm = 0x60;

    /// <summary>Parameters a signature may have: what other engines allow. More would only make frames that no stack holds.</summary>
    const int MostParameters = 1000;

    /// <summary>
    /// Results a signature may have. They travel as one structure, and the just-in-time compiler's work grows with the square of its size.
    /// </summary>
    const int MostResults = 64;

    /// <summary>Tables a module may declare or import.</summary>
    const int MostTables = 100_000;

    void ReadTypes(ref BinaryCursor section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            if (section.Byte() != FunctionTypeForm)
                throw new InvalidModuleException("integer representation too long or malformed function type", at);
            var parameters = ReadKinds(ref section, MostParameters, "parameters");
            _image.Types.Add(FunctionType.Of(parameters, ReadKinds(ref section, MostResults, "results")));
        }
    }

    static ValueKind[] ReadKinds(ref BinaryCursor section, int most, string what)
    {
        var at = section.Position;
        var kinds = new ValueKind[section.Count()];
        if (kinds.Length > most)
            throw new InvalidModuleException($"a signature has {kinds.Length} {what} and {most} are allowed", at);
        for (var i = 0; i < kinds.Length; i++)
            kinds[i] = InstructionReader.ReadKind(ref section);
        return kinds;
    }

    void ReadImports(ref BinaryCursor section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            var module = section.Name();
            var name = section.Name();
            var at = section.Position;
            var type = section.Byte() switch
            {
                0 => new ExternType.Func(ReadTypeIndex(ref section)),
                1 => ReadTable(ref section),
                2 => ReadMemory(ref section),
                3 => (ExternType)ReadGlobal(ref section),
                var sort => throw new InvalidModuleException($"malformed import kind {sort}", at),
            };
            _image.Imports.Add(new Import(module, name, type));
            Declare(type, at);
        }

        _image.ImportedFunctions = _image.Functions.Count;
        _image.ImportedTables = _image.Tables.Count;
        _image.ImportedMemories = _image.Memories.Count;
        _image.ImportedGlobals = _image.Globals.Count;
    }

    void Declare(ExternType type, int at)
    {
        switch (type)
        {
            case ExternType.Func function: _image.Functions.Add(function.Type); break;
            case ExternType.Table table: _image.Tables.Add(table); break;
            case ExternType.Memory memory: _image.Memories.Add(memory); break;
            case ExternType.Global global: _image.Globals.Add(global); break;
        }

        if (_image.Memories.Count > 1)
            throw new InvalidModuleException("multiple memories", at);
        if (_image.Tables.Count > MostTables)
            throw new InvalidModuleException($"more than {MostTables} tables", at);
    }

    void ReadFunctions(ref BinaryCursor section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            _functionTypes.Add(section.Position);
            _image.Functions.Add(ReadTypeIndex(ref section));
        }
    }

    FunctionType ReadTypeIndex(ref BinaryCursor section)
    {
        var at = section.Position;
        return _image.Types[Declared(section.Index(), _image.Types.Count, "type", at)];
    }

    void ReadTables(ref BinaryCursor section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            Declare(ReadTable(ref section), at);
        }
    }

    void ReadMemories(ref BinaryCursor section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            Declare(ReadMemory(ref section), at);
        }
    }

    void ReadGlobals(ref BinaryCursor section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            Declare(ReadGlobal(ref section), section.Position);
            _image.GlobalInitializers.Add(ReadConstantExpression(ref section));
        }
    }

    static ExternType.Table ReadTable(ref BinaryCursor section) =>
        new(InstructionReader.ReadReferenceKind(ref section), ReadLimits(ref section, uint.MaxValue, "table size"));

    static ExternType.Memory ReadMemory(ref BinaryCursor section) =>
        new(ReadLimits(ref section, Memory.MostPages, "memory size must be at most 65536 pages (4GiB): memory size"));

    static ExternType.Global ReadGlobal(ref BinaryCursor section)
    {
        var kind = InstructionReader.ReadKind(ref section);
        var at = section.Position;
        return section.Byte() switch
        {
            0 => new(kind, Mutable: false),
            1 => new(kind, Mutable: true),
            _ => throw new InvalidModuleException("malformed mutability", at),
        };
    }

    static Limits ReadLimits(ref BinaryCursor section, uint most, string what)
    {
        var at = section.Position;
        var flags = section.Byte();
        if (flags > 1)
            throw new InvalidModuleException(flags < 0x80 ? "integer too large: malformed limits flags" : "integer representation too long", at);
        var minimum = section.U32();
        uint? maximum = flags == 1 ? section.U32() : null;
        if (minimum > most || maximum > most)
            throw new InvalidModuleException($"{what} out of range", at);
        if (maximum < minimum)
            throw new InvalidModuleException("size minimum must not be greater than maximum", at);
        return new Limits(minimum, maximum);
    }

    void ReadExports(ref BinaryCursor section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            var name = section.Name();
            var sortAt = section.Position;
            var sort = section.Byte();
            var index = section.Index();
            ExternType type = sort switch
            {
                0 => new ExternType.Func(_image.Functions[Declared(index, _image.Functions.Count, "function", sortAt)]),
                1 => _image.Tables[Declared(index, _image.Tables.Count, "table", sortAt)],
                2 => _image.Memories[Declared(index, _image.Memories.Count, "memory", sortAt)],
                3 => _image.Globals[Declared(index, _image.Globals.Count, "global", sortAt)],
                _ => throw new InvalidModuleException($"malformed export kind {sort}", sortAt),
            };
            if (!_image.TryAdd(new Export(name, type) { Index = index }))
                throw new InvalidModuleException($"duplicate export name \"{name}\"", at);
        }
    }
}
