using System.Text.RegularExpressions;

namespace Allotrope.Tidy;

/// <summary>What a reader may rely on when opening any file.</summary>
public partial class SourceTests(ITestOutputHelper output)
{
    const int LongestFile = 800;
    const int LongFile = 300;
    const double LongFileShare = 0.10;
    const int MedianFile = 80;

    /// <summary>A folder named so says what kind of thing is in it, not what it is for.</summary>
    static readonly string[] KindFolders =
        ["Interfaces", "Models", "Helpers", "Services", "Utils", "Utilities", "Common", "Enums", "Exceptions", "Extensions", "Abstractions", "Entities", "Dtos", "Constants", "Misc", "Shared"];

    [Fact]
    public void No_file_is_longer_than_800_lines() =>
        Assert.Empty(Lengths("src").Concat(Lengths("tests")).Where(file => file.Lines > LongestFile).Select(file => $"{file.Name}: {file.Lines} lines"));

    [Fact]
    public void Nine_files_in_ten_are_under_300_lines()
    {
        var files = Lengths("src").OrderBy(file => file.Lines).ToList();
        output.WriteLine($"{files.Count} files, median {files[files.Count / 2].Lines}, p90 {files[files.Count * 9 / 10].Lines}, longest {files[^1]}");
        var longer = files.Where(file => file.Lines >= LongFile).ToList();
        Assert.True(longer.Count <= files.Count * LongFileShare, $"{longer.Count} of {files.Count} files have {LongFile} lines or more: {string.Join(", ", longer)}");
    }

    [Fact]
    public void Half_of_the_files_have_at_most_80_lines()
    {
        var lines = Lengths("src").Select(file => file.Lines).Order().ToList();
        Assert.InRange(lines[lines.Count / 2], 0, MedianFile);
    }

    [Fact]
    public void No_type_is_named_after_nothing()
    {
        var named = from folder in new[] { "src", "tests", "bench" }
                    from file in Repository.Sources(folder)
                    from Match type in TypeName().Matches(Repository.Read(file))
                    where Empty().IsMatch(type.Groups["name"].Value)
                    select $"{file}: {type.Groups["name"].Value} says nothing of what it does";
        Assert.Empty(named);
    }

    [Fact]
    public void Folders_are_features_and_never_kinds() =>
        Assert.Empty(Repository.Folders("src").Where(folder => folder.Split('/').Intersect(KindFolders).Any()));

    [Fact]
    public void Nothing_is_left_to_be_done_without_saying_who_does_it() =>
        Assert.Empty(from file in Repository.Sources("src")
                     where Unowned().IsMatch(Repository.Read(file))
                     select $"{file} has a note of unfinished work without an issue");

    [Fact]
    public void Nothing_is_pretended_to_be_there() =>
        Assert.Empty(from file in Repository.Sources("src")
                     where Repository.Read(file).Contains("NotImplementedException", StringComparison.Ordinal)
                     select $"{file} throws NotImplementedException");

    static IEnumerable<(string Name, int Lines)> Lengths(string folder) =>
        Repository.Sources(folder).Select(file => (file, File.ReadLines(Path.Combine(Repository.Root, file)).Count()));

    [GeneratedRegex(@"^\s*(?:\w+\s+)*(?:class|struct|interface|enum|record)\s+(?:struct\s+|class\s+)?(?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utility|Impl|Base|Data)$")]
    private static partial Regex Empty();

    [GeneratedRegex(@"//.*\b(TODO|FIXME|HACK|XXX)\b(?!\(#\d+\))")]
    private static partial Regex Unowned();
}
