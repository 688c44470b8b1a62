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

        return to.Written;
    }

    /// <summary>Offers what the module imports, as it was.</summary>
    /// <param name="from">What <see cref="Write"/> wrote.</param>
    /// <param name="module">The module.</param>
    /// <param name="store">Whose they become.</param>
    /// <param name="function">The function to import, by its index.</param>
    /// <param name="objects">Stand-ins for the host's objects.</param>
    internal static Linker Read(StateReader from, ModuleImage module, Store store, Func<int, FunctionType, Function> function, Numbered objects)
    {
        var linker = new Linker();
        Each<ExternType.Memory>(module, (import, type) => linker.Define(import.Module, import.Name, new Memory(store, type.Limits with { Maximum = ReadMaximum(from) })));
        Each<ExternType.Table>(module, (import, type) =>
            linker.Define(import.Module, import.Name, new Table(store, type.Element, type.Limits with { Maximum = ReadMaximum(from) })));
        Each<ExternType.Global>(module, (import, type) =>
            linker.Define(import.Module, import.Name, new Global(type.Type, objects.Read(from, type.Type), type.Mutable)));
        Each<ExternType.Tag>(module, (import, type) => linker.Define(import.Module, import.Name, new Tag(type.Type)));
        var index = 0;
        Each<ExternType.Func>(module, (import, type) => linker.Define(import.Module, import.Name, function(index++, type.Type)));
        from.End();
        return linker;
    }

    static void Each<TType>(ModuleImage module, Action<Import, TType> take)
        where TType : ExternType
    {
        foreach (var import in module.Imports)
        {
            if (import.Type is TType type)
                take(import, type);
        }
    }

    static void Refuse(string what, int index, int importers, int imported)
    {
        if (importers > (index < imported ? 1 : 0))
            throw new RecordException($"another instance imports {what} {index}, and what it does there is in no record");
    }

    static void WriteMaximum(StateWriter to, ulong? maximum)
    {
        to.Byte(maximum is null ? (byte)0 : (byte)1);
        if (maximum is { } most)
            to.Number(most);
    }

    static ulong? ReadMaximum(StateReader from) => from.Flag() ? from.Number() : null;
}
