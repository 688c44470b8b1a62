using System.Xml.Linq;

namespace Allotrope.Tidy;

/// <summary>What the house is built from is written down.</summary>
public class PackageTests
{
    static readonly IReadOnlyList<string> Packages =
    [
        .. XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants()
            .Where(element => element.Name.LocalName is "PackageVersion" or "GlobalPackageReference")
            .Select(element => element.Attribute("Include")!.Value),
    ];

    [Fact]
    public void Every_package_has_its_reason_in_RATIONALE()
    {
        var rationale = Repository.Read("RATIONALE.md");
        Assert.NotEmpty(Packages);
        Assert.Empty(Packages.Where(package => !rationale.Contains(package, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_package_with_a_version_is_used()
    {
        var used = Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj")).Concat(Repository.Files("bench", ".csproj"))
            .Append("tests/Directory.Build.props").Select(Repository.Read).ToList();
        var global = Repository.Read("Directory.Packages.props");
        Assert.Empty(Packages.Where(package =>
            !used.Any(file => file.Contains($"\"{package}\"", StringComparison.Ordinal))
            && !global.Contains($"GlobalPackageReference Include=\"{package}\"", StringComparison.Ordinal)
            && package != "FSharp.Core")); // pinned for FsCheck, which asks for another
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("Allotrope.slnx");
        Assert.Empty(Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj"))
            .Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_project_locks_its_packages() =>
        Assert.Empty(Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj"))
            .Where(project => !File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, "packages.lock.json"))));
}
