using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>
/// Reads a component and checks it in the same pass: a definition may only refer to earlier ones, so that the type of everything it names is known by then.
/// The format is that of <c>design/mvp/Binary.md</c> of the Component Model.
/// </summary>
sealed partial class ComponentDecoder
{
    /// <summary>Components and types within one another; the reader follows them by recursion.</summary>
    const int MostDepth = 100;

    /// <summary>Definitions of one sort that a component may have.</summary>
    const int MostDefinitions = 100_000;

    /// <summary>Instances, modules and components each that a component may have: what they cost grows with what they are of.</summary>
    const int MostMade = 1_000;

    readonly byte[] _bytes;
    readonly ComponentOptions _options;
    readonly TypeWork _work = new();
    int _definitionAt;

    ComponentDecoder(byte[] bytes, ComponentOptions options) => (_bytes, _options) = (bytes, options);

    /// <summary>Magic number, version 13 and layer 1.</summary>
    internal static ReadOnlySpan<byte> Preamble => [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00];

    /// <exception cref="InvalidComponentException">The bytes are malformed or break a rule.</exception>
    internal static Component Decode(byte[] bytes, ComponentOptions options)
    {
        if (bytes.Length > options.MaxComponentBytes)
            throw new InvalidComponentException($"the component has {bytes.Length} bytes and {options.MaxComponentBytes} are allowed", options.MaxComponentBytes);
        var decoder = new ComponentDecoder(bytes, options);
        var cursor = new BinaryCursor(bytes, 0, bytes.Length);
        try
        {
            var component = decoder.ReadComponent(ref cursor, null);
            // Only when all of it is read is it known whether its modules must be compiled for waiting.
            return component.LeavesInTheMiddle && !options.Modules.Suspendable.IsAll
                ? Decode(bytes, options with { Modules = options.Modules with { Suspendable = SuspendableImports.All } })
                : component;
        }
        catch (TypeMismatchException e)
        {
            throw new InvalidComponentException(e.Message, decoder._definitionAt, e);
        }
        catch (InvalidModuleException e)
        {
            // The cursor and the reader of core types are the engine's, and so are their refusals.
            throw new InvalidComponentException(e.Message[..e.Message.LastIndexOf(" (", StringComparison.Ordinal)], e.ByteOffset, e);
        }
    }

    Component ReadComponent(ref BinaryCursor cursor, Scope? outer)
    {
        var start = cursor.Position;
        if (cursor.Remaining < 4 || !cursor.Bytes(4).SequenceEqual(Preamble[..4]))
            throw new InvalidComponentException("magic header not detected", start);
        if (cursor.Remaining < 4 || !cursor.Bytes(4).SequenceEqual(Preamble[4..]))
            throw new InvalidComponentException("unknown binary version or layer: a component of version 0x0d was expected", start + 4);
        var scope = Enter(ScopeKind.Component, outer, start);
        while (!cursor.AtEnd)
        {
            var at = cursor.Position;
            var id = cursor.Byte();
            var section = cursor.Part();
            ReadSection(id, ref section, scope, at);
            if (!section.AtEnd)
                throw new InvalidComponentException($"section size mismatch: {section.Remaining} bytes of section {id} are left over", section.Position);
        }

        return new Component(ScopeTypes.Component(scope), [.. scope.Definitions]);
    }

    Scope Enter(ScopeKind kind, Scope? outer, int at)
    {
        var scope = new Scope(kind, outer, _work);
        return scope.Depth <= MostDepth ? scope : throw new InvalidComponentException($"components and types are nested deeper than {MostDepth}", at);
    }

    void ReadSection(byte id, ref BinaryCursor section, Scope scope, int at)
    {
        switch (id)
        {
            case 0:
                section.Name();
                section.Bytes(section.Remaining);
                return;
            case 1:
                ReadModule(ref section, scope);
                return;
            case 4:
                CountMade(scope, at);
                var component = ReadComponent(ref section, scope);
                scope.Components.Add(component.Type);
                scope.Definitions.Add(new Definition.Nested(component));
                return;
            case 9 or 12: throw new InvalidComponentException("values and start functions of components are not supported", at);
            case > 12: throw new InvalidComponentException($"malformed section id {id}", at);
        }

        for (var left = section.Count(); left > 0; left--)
            ReadDefinition(id, ref section, scope);
    }

    void ReadDefinition(byte id, ref BinaryCursor section, Scope scope)
    {
        var at = _definitionAt = section.Position;
        if (scope.Definitions.Count >= MostDefinitions)
            throw new InvalidComponentException($"more than {MostDefinitions} definitions", at);
        switch (id)
        {
            case 2: ReadCoreInstance(ref section, scope); break;
            case 3: ReadCoreType(ref section, scope); break;
            case 5: ReadInstance(ref section, scope); break;
            case 6: ReadAlias(ref section, scope); break;
            case 7: ReadType(ref section, scope); break;
            case 8: ReadCanon(ref section, scope); break;
            case 10: ReadImport(ref section, scope); break;
            case 11: ReadExport(ref section, scope); break;
        }
    }

    void ReadModule(ref BinaryCursor section, Scope scope)
    {
        CountMade(scope, section.Position);
        var start = section.Position;
        try
        {
            var module = Module.Compile(section.Bytes(section.Remaining), _options.Modules);
            scope.CoreModules.Add(TypeOf(module, start));
            scope.Definitions.Add(new Definition.CoreModule(module));
        }
        catch (InvalidModuleException e)
        {
            throw new InvalidComponentException($"a module of the component is invalid: {e.Message}", start + e.ByteOffset, e);
        }
    }

    static ModuleType TypeOf(Module module, int at)
    {
        var imports = new Dictionary<(string, string), ExternType>();
        foreach (var import in module.Imports)
        {
            if (!imports.TryAdd((import.Module, import.Name), import.Type))
                throw new InvalidComponentException($"duplicate import name `{import.Module}:{import.Name}` in a module of the component", at);
        }

        return new ModuleType(imports, module.Exports.ToDictionary(export => export.Name, export => export.Type));
    }

    static void CountMade(Scope scope, int at)
    {
        if (++scope.Made > MostMade)
            throw new InvalidComponentException($"more than {MostMade} modules, components and instances in one component", at);
    }

    /// <summary>Runs what compares types; what does not match is refused here.</summary>
    static void Match(int at, Action compare)
    {
        try
        {
            compare();
        }
        catch (TypeMismatchException e)
        {
            throw new InvalidComponentException(e.Message, at);
        }
    }

    static int Declared(int index, int count, string what, int at) =>
        (uint)index < (uint)count ? index : throw new InvalidComponentException($"unknown {what} {index}: {what} index out of bounds", at);

    static SortIndex Declared(SortIndex what, Scope scope, int at)
    {
        Declared(what.Index, scope.Count(what.Sort), Name(what.Sort), at);
        return what;
    }

    /// <summary>Something that may cross a component's boundary: of core sorts only modules do.</summary>
    static SortIndex ReadShareable(ref BinaryCursor section, Scope scope, string use, int at)
    {
        var what = Declared(new SortIndex(ReadSort(ref section), section.Index()), scope, at);
        return what.Sort >= Sort.Function || what.Sort == Sort.CoreModule
            ? what
            : throw new InvalidComponentException($"a {Name(what.Sort)} cannot be {use}", at);
    }

    static string Name(Sort sort) => sort switch
    {
        Sort.CoreFunction => "core function",
        Sort.CoreTable => "table",
        Sort.CoreMemory => "memory",
        Sort.CoreGlobal => "global",
        Sort.CoreTag => "tag",
        Sort.CoreType => "core type",
        Sort.CoreModule => "module",
        Sort.CoreInstance => "core instance",
        _ => sort.ToString().ToLowerInvariant(),
    };

    static Sort ReadCoreSort(ref BinaryCursor section)
    {
        var at = section.Position;
        return section.Byte() switch
        {
            0x00 => Sort.CoreFunction,
            0x01 => Sort.CoreTable,
            0x02 => Sort.CoreMemory,
            0x03 => Sort.CoreGlobal,
            0x04 => Sort.CoreTag,
            0x10 => Sort.CoreType,
            0x11 => Sort.CoreModule,
            0x12 => Sort.CoreInstance,
            var code => throw new InvalidComponentException($"invalid leading byte 0x{code:x2} for a core sort", at),
        };
    }

    static Sort ReadSort(ref BinaryCursor section)
    {
        var at = section.Position;
        return section.Byte() switch
        {
            0x00 => ReadCoreSort(ref section),
            0x01 => Sort.Function,
            0x02 => throw new InvalidComponentException("values of components are not supported", at),
            0x03 => Sort.Type,
            0x04 => Sort.Component,
            0x05 => Sort.Instance,
            var code => throw new InvalidComponentException($"invalid leading byte 0x{code:x2} for a sort", at),
        };
    }

    static bool ReadFlag(ref BinaryCursor section, string what)
    {
        var at = section.Position;
        return section.Byte() switch
        {
            0 => false,
            1 => true,
            var code => throw new InvalidComponentException($"invalid leading byte 0x{code:x2} for {what}", at),
        };
    }
}
