using System.CommandLine;
using Allotrope.Components;
using Allotrope.Components.Wit;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary>What <c>wit --json</c> prints.</summary>
/// <param name="Text">The packages as one WIT text.</param>
sealed record WitLine(string File, IReadOnlyList<WitPackageLine> Packages, string Text);

sealed record WitPackageLine(string Name, IReadOnlyList<string> Interfaces, IReadOnlyList<WitWorldLine> Worlds);

sealed record WitWorldLine(string Name, IReadOnlyList<string> Imports, IReadOnlyList<string> Exports);

/// <summary><c>allot wit &lt;file or folder&gt;</c>: what a component needs and offers, or what a WIT folder says once every name is found.</summary>
static class WitCommand
{
    /// <summary>Of a component; longer ones are no text's worth.</summary>
    const int MostBytes = 256 << 20;

    /// <summary>Files of a folder.</summary>
    const int MostFiles = 10_000;

    static readonly Argument<string> What = new("path") { Description = "A component (.wasm), a WIT file, or a folder of a WIT package with its deps" };

    static readonly System.CommandLine.Option<string?> Features = new("--features") { Description = "Features, separated by commas, whose @unstable items are to be shown; all when not given", HelpName = "NAMES" };

    public static Command Create() => new Command("wit", "Print the interfaces of a component, or a WIT package with those it needs, as WIT") { What, Features }.Runs(async (parsed, session) =>
    {
        var path = Path.GetFullPath(parsed.GetRequiredValue(What));
        var features = parsed.GetValue(Features) is { } names ? WitFeatures.Of(names.Split(',', StringSplitOptions.TrimEntries)) : WitFeatures.All;
        var text = File.Exists(path) && !path.EndsWith(".wit", StringComparison.OrdinalIgnoreCase) ? await ComponentAsync(path, session.Stop) : null;
        var resolution = Resolve(text is null ? await SourcesAsync(path, session.Stop) : [WitSource.At(path, text)], features);
        if (text is null)
        {
            var main = resolution.Main.FirstOrDefault() ?? resolution.Packages[0];
            text = WitPrinter.Print(main, resolution.Packages.Where(package => package != main));
        }

        session.Output.Object(new WitLine(path, [.. resolution.Packages.Select(Line)], text), CommandsJson.Default.WitLine);
        session.Output.Line(text.TrimEnd());
    });

    static WitPackageLine Line(WitPackage package) => new(
        package.Name.ToString(),
        [.. package.Interfaces.Select(each => each.Name)],
        [.. package.Worlds.Select(world => new WitWorldLine(world.Name, [.. world.Imports.Select(item => item.Name)], [.. world.Exports.Select(item => item.Name)]))]);

    static WitResolution Resolve(IReadOnlyList<WitSource> sources, WitFeatures features)
    {
        try
        {
            return WitResolution.Of(sources, features);
        }
        catch (WitException e)
        {
            throw new FaultException(new Fault.Invalid(e.Position.ToString(), e.Message));
        }
    }

    static async Task<string> ComponentAsync(string path, CancellationToken stop)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw new FaultException(new Fault.Invalid(path, $"The file has more than {MostBytes >> 20} MiB."));
        var bytes = await File.ReadAllBytesAsync(path, stop);
        if (!Component.IsComponent(bytes))
            throw new FaultException(new Fault.Invalid(path, "This is no component: give one, a .wit file or a folder (of a core module, `allot actor inspect` shows imports and exports)."));
        try
        {
            return ComponentWit.Print(Component.Compile(bytes));
        }
        catch (InvalidComponentException e)
        {
            throw new FaultException(new Fault.Invalid(path, e.Message));
        }
    }

    static async Task<IReadOnlyList<WitSource>> SourcesAsync(string path, CancellationToken stop)
    {
        if (!Path.Exists(path))
            throw new FaultException(new Fault.NotFound($"There is no file or folder {path}."));
        var isFolder = Directory.Exists(path);
        var files = isFolder
            ? Directory.EnumerateFiles(path, "*.wit").Concat(Directory.Exists(Path.Combine(path, "deps")) ? Directory.EnumerateFiles(Path.Combine(path, "deps"), "*.wit", SearchOption.AllDirectories) : []).Order(StringComparer.Ordinal).Take(MostFiles + 1).ToList()
            : [path];
        if (files.Count is 0 or > MostFiles)
            throw new FaultException(new Fault.Invalid(path, files.Count == 0 ? "There is no .wit file in this folder." : $"There are more than {MostFiles} .wit files below this folder."));
        var sources = new List<WitSource>();
        foreach (var file in files)
            sources.Add(WitSource.At(file, await File.ReadAllTextAsync(file, stop), isFolder ? path : Path.GetDirectoryName(path)!));
        return sources;
    }
}
