using System.Text.RegularExpressions;

namespace Allotrope.Tidy;

/// <summary>Documents that point somewhere point at something.</summary>
public partial class DocumentTests
{
    [Fact]
    public void Every_link_between_documents_leads_somewhere()
    {
        var broken = from document in Documents()
                     from Match link in Link().Matches(Repository.Read(document))
                     let target = link.Groups["target"].Value.Split('#')[0]
                     where target.Length > 0 && !target.Contains("://") && !target.StartsWith("mailto:", StringComparison.Ordinal)
                     let path = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, target))
                     where !File.Exists(path) && !Directory.Exists(path)
                     select $"{document} links to {target}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_project_of_Foundation_has_a_README() =>
        Assert.Empty(Project.All.Where(project => project.Room == Room.Foundation)
            .Select(project => Path.Combine(Path.GetDirectoryName(project.File)!, "README.md"))
            .Where(file => !File.Exists(Path.Combine(Repository.Root, file))));

    [Fact]
    public void Every_sample_has_a_blueprint_and_a_README() =>
        Assert.Empty(from folder in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "samples"))
                     from files in new string[][] { ["app.yaml", "compose.yaml"], ["README.md"] }
                     where !files.Any(file => File.Exists(Path.Combine(folder, file)))
                     select $"{Path.GetRelativePath(Repository.Root, folder)} has no {string.Join(" and no ", files)}");

    static IEnumerable<string> Documents() =>
        new[] { "docs", "src", "samples", "guests", "bench", "tests" }.SelectMany(folder => Repository.Files(folder, ".md"))
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.md").Select(file => Path.GetFileName(file)));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
