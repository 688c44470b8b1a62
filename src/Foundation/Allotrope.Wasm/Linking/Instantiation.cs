namespace Allotrope.Wasm;

/// <summary>The steps that make an instance, in the specification's order.</summary>
sealed class Instantiation
{
    readonly Store _store;
    readonly object?[] _offered;
    readonly ModuleImage _image;
    readonly Instance _instance;
    readonly ConstantEvaluator _constants;

    internal Instantiation(Store store, Module module, Linker linker, Recorder? recorder = null)
        : this(store, module, linker.Offer(module.Image.Imports), recorder)
    {
    }

    /// <param name="store">Whose the instance becomes.</param>
    /// <param name="module">What it is an instance of.</param>
    /// <param name="offered">For each import in its place what it gets: two of one name need not get the same. Null where there is nothing.</param>
    /// <param name="recorder">Sits between host and guest.</param>
    internal Instantiation(Store store, Module module, object?[] offered, Recorder? recorder = null)
    {
        _store = store;
        _offered = offered;
        _image = module.Image;
        _instance = new Instance(store, module) { Recorder = recorder };
        recorder?.Attach(_instance);
        _constants = new ConstantEvaluator(_instance);
    }

    internal Instance Run()
    {
        Link();
        // From here on effects stay, as the specification has it: a segment that does not fit leaves those before it written.
        FillTables();
        FillMemory();
        if (_image.Start is { } start)
            _instance.FunctionAt(start.Index).Invoke([], []);
        return _instance;
    }

    /// <summary>Makes an instance whose contents come from elsewhere: nothing is filled and no start function runs.</summary>
    internal Instance Link()
    {
        object[] imports = [.. _image.Imports.Select((import, place) => Resolve(import, _offered[place]))];
        LinkFunctions(imports.OfType<Function>());
        LinkMemories([.. imports.OfType<Memory>()]);
        LinkGlobals([.. imports.OfType<Global>()]);
        LinkTables([.. imports.OfType<Table>()]);
        _instance.Tags = [.. imports.OfType<Tag>(), .. _image.Tags.Skip(_image.ImportedTags).Select(type => new Tag(type))];
        return _instance;
    }

    object Resolve(Import import, object? found)
    {
        if (found is null)
            throw new LinkException($"unknown import \"{import.Module}\" \"{import.Name}\": the module needs a {import.Type} and none is defined");
        if (!Satisfies(found, import.Type))
        {
            throw new LinkException(
                $"incompatible import type: \"{import.Module}\" \"{import.Name}\" is a {Describe(found)}, the module needs a {import.Type}");
        }

        var owner = found switch
        {
            Function function => function.Store,
            Memory { Limits.IsShared: true } when _store.Limits.Threads => null,
            Memory memory => memory.Store,
            Table table => table.Store,
            _ => null,
        };
        if (owner is not null && owner != _store)
            throw new LinkException($"\"{import.Module}\" \"{import.Name}\" belongs to another store");
        return found;
    }

    static bool Satisfies(object found, ExternType wanted) => (found, wanted) switch
    {
        (Function function, ExternType.Func type) => function.Type.IsSubtypeOf(type.Type),
        (Memory memory, ExternType.Memory type) => memory.Limits.Satisfies(type.Limits, memory.PageCount),
        (Table table, ExternType.Table type) => table.Element == type.Element && table.Limits.Satisfies(type.Limits, (ulong)table.Count),
        (Global global, ExternType.Global type) => global.IsMutable == type.Mutable
            && (type.Mutable ? global.Type == type.Type : global.Type.Matches(type.Type)),
        (Tag tag, ExternType.Tag type) => tag.Type == type.Type,
        _ => false,
    };

    static ExternType Describe(object found) => found switch
    {
        Function function => new ExternType.Func(function.Type),
        Memory memory => new ExternType.Memory(memory.Limits with { Minimum = memory.PageCount }),
        Table table => new ExternType.Table(table.Element, table.Limits with { Minimum = (ulong)table.Count }),
        Tag tag => new ExternType.Tag(tag.Type),
        Global global => new ExternType.Global(global.Type, global.IsMutable),
        _ => throw new InvalidOperationException($"a linker holds no {found.GetType()}"),
    };

    void LinkFunctions(IEnumerable<Function> imports)
    {
        _instance.Functions = new Function?[_image.Functions.Count];
        var suspends = new SuspensionRules(_instance);
        foreach (var (index, function) in imports.Index())
        {
            var bound = function.Target is HostBinding binding && (binding.WantsCaller || binding.GivesTasks)
                ? new Function(function.Type, function.Code, binding.For(_instance, suspends.Contains(index)))
                : function;
            suspends.Note(index, function);
            _instance.Functions[index] = _instance.Recorder?.Wrap(index, bound) ?? bound;
        }
    }

    void LinkTables(Table[] imports)
    {
        _instance.Tables = new Table[_image.Tables.Count];
        imports.CopyTo(_instance.Tables, 0);
        Array.ForEach(imports, table => table.Importers++);
        for (var i = imports.Length; i < _instance.Tables.Length; i++)
        {
            var type = _image.Tables[i];
            var initial = _image.TableInitializers[i - imports.Length] is { } expression ? _constants.Evaluate(expression).Reference : null;
            _instance.Tables[i] = new Table(_store, type.Element, type.Limits, initial);
        }

        _instance.FirstTable = _instance.Tables.FirstOrDefault();
    }

    void LinkMemories(Memory[] imports)
    {
        if (_image.Memories.Count == 0)
            return;
        _instance.Memories = new Memory[_image.Memories.Count];
        imports.CopyTo(_instance.Memories, 0);
        Array.ForEach(imports, memory => memory.Importers++);
        for (var i = imports.Length; i < _instance.Memories.Length; i++)
            _instance.Memories[i] = new Memory(_store, _image.Memories[i].Limits);
        _instance.MemoryBase = _instance.Memories[0].Base;
        if (_instance.Module.IsInterpreted)
            _instance.Steps = _instance.Module.StepsFor(_instance.Memories);
        else
            _instance.Code = _instance.Module.CodeFor(_instance.Memories);
        foreach (var memory in _instance.Memories.Where(memory => memory.Limits.IsShared))
            _store.Keep(memory);
    }

    /// <summary>A global that never changes is both a cell, for compiled code, and an object, for whoever imports it.</summary>
    void LinkGlobals(Global[] imports)
    {
        Array.ForEach(imports, global => global.Importers++);
        _instance.Cells = new long[_image.Globals.Count];
        _instance.Globals = new Global?[_image.Globals.Count];
        for (var i = 0; i < _image.Globals.Count; i++)
        {
            var type = _image.Globals[i];
            var global = i < imports.Length
                ? imports[i]
                : new Global(type.Type, _constants.Evaluate(_image.GlobalInitializers[i - imports.Length]), type.Mutable);
            _instance.Cells[i] = global.Bits;
            _instance.Globals[i] = global;
        }
    }

    void FillTables()
    {
        // Unlike the others a passive segment stays, and counts with the tables it is for.
        var kept = _image.ElementSegments.Where(segment => segment.Mode == SegmentMode.Passive).Sum(segment => (long)segment.Items.Length);
        if (!_store.TryTakeElements((ulong)kept))
            throw new LinkException($"passive segments of {kept} elements are more than the store's limit of {_store.Limits.TableElements} leaves");
        _instance.ElementSegments = [.. _image.ElementSegments.Select(References)];
        foreach (var (index, segment) in _image.ElementSegments.Index())
        {
            if (segment.Mode == SegmentMode.Active)
                Bulk.WriteElements(Address(segment.Offset), 0, segment.Items.Length, index, segment.Target, _instance, isFree: true);
            if (segment.Mode != SegmentMode.Passive)
                Bulk.ElemDrop(index, _instance);
        }
    }

    /// <summary>Where a segment goes; 32-bit addresses are unsigned.</summary>
    long Address(in ConstantExpression offset) =>
        _constants.Evaluate(offset) is { Kind: ValueKind.I32 } narrow ? (uint)narrow.AsInt32() : _constants.Evaluate(offset).AsInt64();

    object?[] References(ElementSegment segment) => Array.ConvertAll(segment.Items, item => _constants.Evaluate(item).Reference);

    void FillMemory()
    {
        var segments = _image.DataSegments;
        if (segments.Count == 0)
            return;
        _instance.DataSegments = new ReadOnlyMemory<byte>[segments.Count];
        var covered = MapImages();
        for (var i = 0; i < segments.Count; i++)
        {
            if (i >= covered || segments[i].Mode == SegmentMode.Passive)
                _instance.DataSegments[i] = segments[i].Bytes;
        }

        for (var i = covered; i < segments.Count; i++)
        {
            if (segments[i].Mode != SegmentMode.Active)
                continue;
            Bulk.WriteData(Address(segments[i].Offset), 0, segments[i].Bytes.Length, i, segments[i].Target, _instance, isFree: true);
            Bulk.DataDrop(i, _instance);
        }
    }

    /// <summary>Gives the number of data segments that need not be copied any more. None of them can fail, so nobody sees that they come at once.</summary>
    int MapImages()
    {
        if (_instance.Module.ImagesForNext() is not { } images)
            return 0;
        for (var i = 0; i < images.ByMemory.Length; i++)
        {
            // After a memory that could not be mapped all segments are copied in their order, over the same bytes where one was.
            if (images.ByMemory[i] is { } image && !_instance.Memories[i].TryMap(image))
                return 0;
        }

        return images.Covered;
    }
}
