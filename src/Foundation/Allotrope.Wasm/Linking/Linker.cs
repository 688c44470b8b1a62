namespace Allotrope.Wasm;

/// <summary>
/// Names for what modules may import. Fill it once; from then on any thread may instantiate with it. Functions of the host serve any number of
/// stores, memories and tables the one they were made for.
/// </summary>
public sealed class Linker
{
    readonly Dictionary<(string Module, string Name), object> _definitions = [];

    /// <summary>
    /// Offers a .NET method; see <see cref="Function.FromDelegate(Delegate)"/> for what it may take and return. A later definition replaces an earlier
    /// one.
    /// </summary>
    public Linker Define(string module, string name, Delegate function) => Add(module, name, Function.FromDelegate(function));

    /// <summary>Offers a .NET method as a function of the type; see <see cref="Function.FromDelegate(Delegate, FunctionType)"/>.</summary>
    public Linker Define(string module, string name, Delegate function, FunctionType type) => Add(module, name, Function.FromDelegate(function, type));

    public Linker Define(string module, string name, Function function) => Add(module, name, function);

    public Linker Define(string module, string name, Memory memory) => Add(module, name, memory);

    public Linker Define(string module, string name, Table table) => Add(module, name, table);

    public Linker Define(string module, string name, Global global) => Add(module, name, global);

    public Linker Define(string module, string name, Tag tag) => Add(module, name, tag);

    /// <summary>Offers everything an instance exports under the name of <paramref name="module"/>.</summary>
    public Linker Define(string module, Instance instance)
    {
        foreach (var export in instance.Module.Exports)
        {
            Add(module, export.Name, export.Type switch
            {
                ExternType.Func => instance.GetFunction(export.Name),
                ExternType.Memory => instance.GetMemory(export.Name),
                ExternType.Table => instance.GetTable(export.Name),
                ExternType.Tag => instance.GetTag(export.Name),
                _ => instance.GetGlobal(export.Name),
            });
        }

        return this;
    }

    /// <summary>Makes an instance: links its imports, fills its tables and memory and runs its start function.</summary>
    /// <exception cref="LinkException">An import is missing or of another type, or the store's limits leave no room.</exception>
    /// <exception cref="Trap">An element or data segment does not fit, or the start function trapped.</exception>
    public Instance Instantiate(Store store, Module module)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(module);
        return new Instantiation(store, module, this).Run();
    }

    /// <summary>Makes an instance whose calls <paramref name="recorder"/> may record. What it imports of functions must be the host's.</summary>
    /// <exception cref="InvalidOperationException">The recorder has an instance already.</exception>
    /// <inheritdoc cref="Instantiate(Store, Module)"/>
    public Instance Instantiate(Store store, Module module, Recorder recorder)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(recorder);
        return new Instantiation(store, module, this, recorder).Run();
    }

    /// <summary>What it has for each of the imports; null where that is nothing.</summary>
    internal object?[] Offer(IEnumerable<Import> imports) => [.. imports.Select(import => _definitions.GetValueOrDefault((import.Module, import.Name)))];

    Linker Add(string module, string name, object definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _definitions[(module, name)] = definition;
        return this;
    }
}
