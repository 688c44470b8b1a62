namespace Allotrope.Wasm;

/// <content>Imports, the index spaces and exports.</content>
sealed partial class ModuleDecoder
{
    /// <summary>
    /// Types, imports, tables, globals, exports or segments a module may have. A few bytes each in the module, they are objects here and again in
    /// every instance; the largest real modules have some ten thousand.
    /// </summary>
    const int MostDeclarations = 100_000;

    /// <summary>Before a table's type: an expression for its first elements comes after it.</summary>
    const byte TableWithInitial = 0x40;

    /// <summary>Memories a module may have. Each takes its whole range of addresses, and code that uses it keeps its base in a variable.</summary>
    const int MostMemories = 64;

    /// <summary>The length of a list of declarations.</summary>
    static int Declarations(ref BinaryCursor section, string what)
    {
        var at = section.Position;
        var count = section.Count();
        return count <= MostDeclarations ? count : throw TooMany(what, at);
    }

    static InvalidModuleException TooMany(string what, int at) => new($"more than {MostDeclarations} {what}", at);

    void ReadImports(ref BinaryCursor section)
    {
        for (var left = Declarations(ref section, "imports"); left > 0; left--)
        {
            var module = section.Name();
            var name = section.Name();
            var at = section.Position;
            var type = ReadExternType(ref section);
            _image.Imports.Add(new Import(module, name, type));
            Declare(type, at);
        }

        _image.ImportedFunctions = _image.Functions.Count;
        _image.ImportedTables = _image.Tables.Count;
        _image.ImportedMemories = _image.Memories.Count;
        _image.ImportedGlobals = _image.Globals.Count;
        _image.ImportedTags = _image.Tags.Count;
    }

    /// <summary>The type of an import: its sort and what belongs to that.</summary>
    internal ExternType ReadExternType(ref BinaryCursor section)
    {
        var at = section.Position;
        return section.Byte() switch
        {
            0 => new ExternType.Func(ReadTypeIndex(ref section)),
            1 => ReadTable(ref section),
            2 => ReadMemory(ref section),
            3 => ReadGlobal(ref section),
            4 => ReadTag(ref section),
            var sort => throw new InvalidModuleException($"malformed import kind {sort}", at),
        };
    }

    void Declare(ExternType type, int at)
    {
        switch (type)
        {
            case ExternType.Func function: _image.Functions.Add(function.Type); break;
            case ExternType.Table table: _image.Tables.Add(table); break;
            case ExternType.Memory memory: _image.Memories.Add(memory); break;
            case ExternType.Global global: _image.Globals.Add(global); break;
            case ExternType.Tag tag: _image.Tags.Add(tag.Type); break;
        }

        if (_image.Memories.Count > MostMemories)
            throw new InvalidModuleException($"more than {MostMemories} memories", at);
        if (_image.Tables.Count > MostDeclarations)
            throw TooMany("tables", at);
        if (_image.Globals.Count > MostDeclarations)
            throw TooMany("globals", at);
        if (_image.Tags.Count > MostDeclarations)
            throw TooMany("tags", at);
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
        return _image.FunctionTypeAt(section.Index(), at);
    }

    void ReadTables(ref BinaryCursor section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            var initial = section.Peek() == TableWithInitial;
            if (initial && section.Bytes(2)[1] != 0)
                throw new InvalidModuleException("malformed table", at);
            Declare(ReadTable(ref section), at);
            _image.TableInitializers.Add(initial ? ReadConstantExpression(ref section) : null);
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

    void ReadTags(ref BinaryCursor section)
    {
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            Declare(ReadTag(ref section), at);
        }
    }

    /// <summary>An attribute, of which there is one, and a signature without results.</summary>
    ExternType.Tag ReadTag(ref BinaryCursor section)
    {
        var at = section.Position;
        if (section.Byte() != 0)
            throw new InvalidModuleException("malformed tag attribute", at);
        var type = ReadTypeIndex(ref section);
        return type.Results.IsEmpty ? new(type) : throw new InvalidModuleException("non-empty tag result type", at);
    }

    ExternType.Table ReadTable(ref BinaryCursor section) =>
        new(TypeReader.ReadReference(ref section, _image), ReadLimits(ref section, uint.MaxValue, ulong.MaxValue, "table size"));

    static ExternType.Memory ReadMemory(ref BinaryCursor section) =>
        new(ReadLimits(ref section, Memory.MostPages, Memory.MostWidePages, "memory size must be at most 65536 pages (4GiB): memory size", mayBeShared: true));

    ExternType.Global ReadGlobal(ref BinaryCursor section)
    {
        var type = TypeReader.ReadValue(ref section, _image);
        var at = section.Position;
        return section.Byte() switch
        {
            0 => new(type, Mutable: false),
            1 => new(type, Mutable: true),
            _ => throw new InvalidModuleException("malformed mutability", at),
        };
    }

    /// <summary>Flags (1 = with a maximum, 2 = shared, 4 = addresses of 64 bits) and the sizes.</summary>
    static Limits ReadLimits(ref BinaryCursor section, ulong mostNarrow, ulong mostWide, string what, bool mayBeShared = false)
    {
        var at = section.Position;
        var flags = section.Byte();
        if ((flags & ~(mayBeShared ? 7 : 5)) != 0)
            throw new InvalidModuleException(flags < 0x80 ? "integer too large: malformed limits flags" : "integer representation too long", at);
        if ((flags & 3) == 2)
            throw new InvalidModuleException("shared memory must have maximum", at);
        var wide = (flags & 4) != 0;
        var most = wide ? mostWide : mostNarrow;
        var minimum = wide ? section.U64() : section.U32();
        ulong? maximum = (flags & 1) == 0 ? null : wide ? section.U64() : section.U32();
        if (minimum > most || maximum > most)
            throw new InvalidModuleException($"{what} out of range", at);
        if (maximum < minimum)
            throw new InvalidModuleException("size minimum must not be greater than maximum", at);
        return new Limits(minimum, maximum, wide ? ValueKind.I64 : ValueKind.I32) { IsShared = (flags & 2) != 0 };
    }

    void ReadExports(ref BinaryCursor section)
    {
        for (var left = Declarations(ref section, "exports"); left > 0; left--)
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
                4 => new ExternType.Tag(_image.Tags[Declared(index, _image.Tags.Count, "tag", sortAt)]),
                _ => throw new InvalidModuleException($"malformed export kind {sort}", sortAt),
            };
            if (!_image.TryAdd(new Export(name, type) { Index = index }))
                throw new InvalidModuleException($"duplicate export name \"{name}\"", at);
        }
    }
}
