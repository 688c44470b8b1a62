using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Allotrope.Tidy;

/// <summary>The rooms of the house a project can belong to.</summary>
enum Room
{
    Foundation,
    Contracts,
    Module,
    Program,
}

/// <summary>A project under <c>src</c> and what it uses, as its file says and as the compiler has written down.</summary>
/// <param name="File">Relative to the root.</param>
/// <param name="Name">Of the project file.</param>
/// <param name="Assembly">Of the compiled assembly.</param>
/// <param name="References">Names of the projects that its file refers to.</param>
/// <param name="Compiled">Names of the assemblies of ours that the compiled assembly refers to.</param>
sealed record Project(string File, string Name, string Assembly, Room Room, IReadOnlyList<string> References, IReadOnlyList<string> Compiled)
{
    public static IReadOnlyList<Project> All { get; } = [.. Repository.Files("src", ".csproj").Order(StringComparer.Ordinal).Select(Load)];

    public static Project Named(string name) => All.Single(project => project.Name == name || project.Assembly == name);

    /// <summary>Everything it uses, by name of the project.</summary>
    public IEnumerable<Project> Uses => References.Concat(Compiled).Select(Named).Distinct();

    static Project Load(string file)
    {
        var xml = XDocument.Load(Path.Combine(Repository.Root, file));
        var name = Path.GetFileNameWithoutExtension(file);
        var assembly = xml.Descendants("AssemblyName").SingleOrDefault()?.Value ?? name;
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, file))!;
        var references = xml.Descendants("ProjectReference").SelectMany(reference => Expand(folder, reference.Attribute("Include")!.Value));
        return new(file, name, assembly, RoomOf(file), [.. references], [.. ReadReferences(assembly)]);
    }

    static Room RoomOf(string file) => file.Split('/') switch
    {
        [_, "Foundation", ..] => Room.Foundation,
        [_, "Contracts", ..] => Room.Contracts,
        [_, "Modules", ..] => Room.Module,
        [_, "Allotrope", ..] => Room.Program,
        _ => throw new InvalidOperationException($"{file} is in no room of the house: see ARCHITECTURE.md."),
    };

    // A reference may have wildcards: the program takes every module.
    static IEnumerable<string> Expand(string folder, string include)
    {
        if (!include.Contains('*'))
            return [Path.GetFileNameWithoutExtension(include)];
        var start = Path.GetFullPath(Path.Combine(folder, include[..include.IndexOf('*')]));
        return Directory.EnumerateFiles(start, "*.csproj", SearchOption.AllDirectories).Select(found => Path.GetFileNameWithoutExtension(found));
    }

    static IEnumerable<string> ReadReferences(string assembly)
    {
        using var stream = System.IO.File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        foreach (var handle in metadata.AssemblyReferences)
            if (metadata.GetString(metadata.GetAssemblyReference(handle).Name) is var name && (name.StartsWith("Allotrope.", StringComparison.Ordinal) || name == "allot"))
                yield return name;
    }
}
