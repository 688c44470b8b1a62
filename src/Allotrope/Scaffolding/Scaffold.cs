using System.Reflection;
using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Scaffolding;

/// <summary>The first files of an actor or a component in one language: its source, its build, its blueprint and what to know of them.</summary>
/// <param name="Kind"><c>component</c> or <c>actor</c>.</param>
/// <param name="Language">As people say it after <c>--language</c>.</param>
/// <param name="Parts">The folders of templates that make it up.</param>
sealed record Scaffold(string Kind, string Language, IReadOnlyList<string> Parts)
{
    const string Root = "scaffold/";

    static readonly Assembly Home = typeof(Scaffold).Assembly;

    /// <summary>The first of a kind is what one gets without saying a language.</summary>
    public static readonly IReadOnlyList<Scaffold> All =
    [
        new("component", "javascript", ["component", "component-wit", "component-javascript"]),
        new("component", "rust", ["component", "component-rust"]),
        new("component", "c", ["component", "component-wit", "component-c"]),
        new("actor", "assemblyscript", ["actor-assemblyscript"]),
    ];

    /// <exception cref="FaultException">There is none of that kind in that language.</exception>
    public static Scaffold Find(string kind, string? language)
    {
        var ofKind = All.Where(scaffold => scaffold.Kind == kind).ToList();
        return (language is null ? ofKind[0] : ofKind.Find(scaffold => scaffold.Language == language))
            ?? throw new FaultException(new Fault.Invalid(
                "--language", $"There is no {kind} in {language}: --language takes {string.Join(", ", ofKind.Select(scaffold => scaffold.Language))}."));
    }

    /// <summary>Writes the files into a folder that is new or empty.</summary>
    /// <param name="folder">Is made when it is not there.</param>
    /// <param name="name">Of the component and of its blueprint.</param>
    /// <returns>The files, relative to the folder, in order.</returns>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> for the name, <see cref="Fault.Conflict"/> when something lies in the folder.</exception>
    public async Task<IReadOnlyList<string>> WriteAsync(string folder, string name, CancellationToken cancellation)
    {
        if (!IsName(name))
            throw new FaultException(new Fault.Invalid(
                "name", $"{name} is no name for a {Kind}: it takes up to 63 small letters, digits and '-', a letter first and no '-' last."));
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new FaultException(new Fault.Conflict($"{folder} is not empty: give another name, or move what lies there."));

        var written = new List<string>();
        foreach (var (resource, file) in Files())
        {
            var path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, await TextAsync(resource, name, cancellation), cancellation);
            written.Add(file);
        }
        return written;
    }

    IEnumerable<(string Resource, string File)> Files() => Home.GetManifestResourceNames()
        .Select(resource => (resource, part: Parts.FirstOrDefault(part => resource.StartsWith($"{Root}{part}/", StringComparison.Ordinal))))
        .Where(found => found.part is not null)
        .Select(found => (found.resource, found.resource[$"{Root}{found.part}/".Length..]))
        .OrderBy(file => file.Item2, StringComparer.Ordinal);

    static async Task<string> TextAsync(string resource, string name, CancellationToken cancellation)
    {
        using var reader = new StreamReader(Home.GetManifestResourceStream(resource)!, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellation);
        return text.Replace("{{name}}", name, StringComparison.Ordinal)
            // What the files that are shared with the examples call themselves there
            .Replace("\"allotrope-guest-components\"", $"\"{name}\"", StringComparison.Ordinal)
            .Replace("\"allotrope-guests\"", $"\"{name}\"", StringComparison.Ordinal)
            .Replace("name = \"hello\"", "name = \"component\"", StringComparison.Ordinal);
    }

    /// <summary>What is a name to blueprints, npm and folders alike.</summary>
    static bool IsName(string name) => name.Length is > 0 and <= 63 && char.IsAsciiLetterLower(name[0]) && name[^1] != '-'
        && name.All(each => char.IsAsciiLetterLower(each) || char.IsAsciiDigit(each) || each == '-');
}
