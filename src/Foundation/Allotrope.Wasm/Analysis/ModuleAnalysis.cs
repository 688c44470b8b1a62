namespace Allotrope.Wasm;

/// <summary>
/// What can be said of a module without running it: for each export which imports it reaches, whether it ends and after how many instructions, how deep
/// and how large it gets, how it may trap. Everything errs to the safe side; the work grows with the module's size, whatever is in it.
/// </summary>
public sealed class ModuleAnalysis
{
    ModuleAnalysis(ModuleImage image, FunctionFacts[] facts, HostConduct host)
    {
        Host = host;
        var calls = new Calls(image, host);
        var circles = new Circles(calls.Graph);
        var effects = new ModuleEffects(image, facts, calls, circles);
        var exports = image.Exports.Where(export => export.Type is ExternType.Func).ToList();
        int[] asked = [.. exports.Select(export => export.Index), .. image.Start is { } start ? [start.Index] : Array.Empty<int>()];
        var reached = new ReachedImports(image, calls.Graph, circles, asked);
        Exports = [.. exports.Select((export, i) => effects.Describe(export.Name, export.Index) with { Imports = reached.Of(i) })];
        if (image.Start is { } entry)
            Start = effects.Describe("", entry.Index) with { Imports = reached.Of(exports.Count) };
        Memories = [.. image.Memories.Select((memory, index) => Describe(image, index, memory.Limits))];
    }

    /// <summary>What was taken for granted of everything outside.</summary>
    public HostConduct Host { get; }

    /// <summary>The exported functions, in the module's order.</summary>
    public IReadOnlyList<ExportSignals> Exports { get; }

    /// <summary>The function that runs at instantiation, or null.</summary>
    public ExportSignals? Start { get; }

    public IReadOnlyList<MemorySignals> Memories { get; }

    /// <summary>The least predictable of all that can be called.</summary>
    public ScheduleClass Schedule => Exports.Append(Start).OfType<ExportSignals>().Select(signals => signals.Schedule).DefaultIfEmpty().Max();

    /// <summary>Analyses a compiled module.</summary>
    public static ModuleAnalysis Of(Module module, HostConduct host = HostConduct.Free)
    {
        ArgumentNullException.ThrowIfNull(module);
        return new(module.Image, ModuleValidator.Validate(module.Image), host);
    }

    /// <summary>Decodes, validates and analyses a module, without compiling it.</summary>
    /// <exception cref="InvalidModuleException">The bytes are no valid module.</exception>
    public static ModuleAnalysis Of(ReadOnlySpan<byte> binary, HostConduct host = HostConduct.Free)
    {
        var image = ModuleDecoder.Decode(binary.ToArray());
        return new(image, ModuleValidator.Validate(image), host);
    }

    MemorySignals Describe(ModuleImage image, int index, Limits limits)
    {
        var isShared = index < image.ImportedMemories
            || (Host == HostConduct.Free && image.Exports.Exists(export => export.Type is ExternType.Memory && export.Index == index));
        var grows = Exports.Append(Start).OfType<ExportSignals>().Any(signals => signals.MostPagesGrown != 0);
        return new(index, limits.Minimum, limits.Maximum, isShared || grows);
    }
}
