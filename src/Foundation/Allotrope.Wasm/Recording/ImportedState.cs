namespace Allotrope.Wasm;

/// <summary>
/// What an instance imports beside functions, as a record holds it: how far memories and tables may grow, and what variables hold. Their contents are
/// in the snapshot.
/// </summary>
static class ImportedState
{
    /// <summary>What another instance also uses can change without its host being asked.</summary>
    /// <exception cref="RecordException">There is something of that kind.</exception>
    internal static void RefuseOthers(Instance instance)
    {
        var image = instance.Module.Image;
        foreach (var (index, memory) in instance.Memories.Index())
            Refuse("memory", index, memory.Importers, image.ImportedMemories);
        foreach (var (index, table) in instance.Tables.Index())
            Refuse("table", index, table.Importers, image.ImportedTables);
        foreach (var (index, global) in instance.Globals.Index())
        {
            if (global is { IsMutable: true })
                Refuse("global", index, global.Importers, image.ImportedGlobals);
        }
    }

    internal static ReadOnlyMemory<byte> Write(Instance instance, Crossings crossings)
    {
        var image = instance.Module.Image;
        var to = new StateWriter();
        foreach (var memory in instance.Memories.AsSpan(0, image.ImportedMemories))
            WriteMaximum(to, memory.Limits.Maximum);
        foreach (var table in instance.Tables.AsSpan(0, image.ImportedTables))
            WriteMaximum(to, table.Limits.Maximum);
        foreach (var global in instance.Globals.AsSpan(0, image.ImportedGlobals))
        {
            if (global!.Reference is Function)
                throw new RecordException("the instance imports a variable that holds a function, which a record does not hold");
            crossings.Write(to, global.Value, isHosts: true);
        }

        // Imports under several names, or under one name several times, may be the same tag, and a guest can tell.
        var tags = instance.Tags.AsSpan(0, image.ImportedTags);
        foreach (var tag in tags)
            to.Number(tags.IndexOf(tag));
        return to.Written;
    }

    /// <summary>What the module imports, as it was: an object for each import, in their order.</summary>
    /// <param name="from">What <see cref="Write"/> wrote.</param>
    /// <param name="module">The module.</param>
    /// <param name="store">Whose they become.</param>
    /// <param name="function">The function to import, by its index.</param>
    /// <param name="objects">Stand-ins for the host's objects.</param>
    /// <exception cref="DamagedStateException">It is not what the writer writes for the module.</exception>
    internal static object?[] Read(StateReader from, ModuleImage module, Store store, Func<int, FunctionType, Function> function, Numbered objects)
    {
        var imports = new object?[module.Imports.Count];
        Each<ExternType.Memory>(module, (place, _, type) => imports[place] = new Memory(store, ReadLimits(from, type.Limits)));
        Each<ExternType.Table>(module, (place, _, type) => imports[place] = Table.Unfilled(store, type.Element, ReadLimits(from, type.Limits)));
        Each<ExternType.Global>(module, (place, _, type) => imports[place] = new Global(type.Type, objects.Read(from, type.Type), type.Mutable));
        var tags = new List<Tag>();
        Each<ExternType.Tag>(module, (place, index, type) =>
        {
            var first = from.Index(index + 1, "tag");
            tags.Add(first < index ? tags[first] : new Tag(type.Type));
            imports[place] = tags[index];
        });
        Each<ExternType.Func>(module, (place, index, type) => imports[place] = function(index, type.Type));
        from.End();
        return imports;
    }

    /// <summary>Goes through the imports of a sort: place among all, index, type.</summary>
    static void Each<TType>(ModuleImage module, Action<int, int, TType> take)
        where TType : ExternType
    {
        var index = 0;
        foreach (var (place, import) in module.Imports.Index())
        {
            if (import.Type is TType type)
                take(place, index++, type);
        }
    }

    static void Refuse(string what, int index, int importers, int imported)
    {
        if (importers > (index < imported ? 1 : 0))
            throw new RecordException($"another instance imports {what} {index}, or this one twice, and what it does there is in no record");
    }

    static void WriteMaximum(StateWriter to, ulong? maximum)
    {
        to.Byte(maximum is null ? (byte)0 : (byte)1);
        if (maximum is { } most)
            to.Number(most);
    }

    static Limits ReadLimits(StateReader from, Limits wanted)
    {
        var limits = wanted with { Maximum = from.Flag() ? from.Number() : null };
        return (limits.Maximum ?? ulong.MaxValue) >= limits.Minimum && limits.Satisfies(wanted, limits.Minimum)
            ? limits
            : throw from.Wrong($"the range {limits} is told of an import for which {wanted} is declared");
    }
}
