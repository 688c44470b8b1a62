using System.Text.RegularExpressions;

namespace Allotrope.Tidy;

/// <summary>tests/Requirements/arteries.md says which tests show what zones were asked to do; what it says is true.</summary>
public partial class RequirementTests
{
    const string Table = "tests/Requirements/arteries.md";
    const int Requirements = 42;
    const int Defects = 7;

    [Fact]
    public void Each_requirement_is_there_once_and_has_a_test() => Assert.Equal(
        Enumerable.Range(1, Requirements).Select(number => $"OZ-{number}"),
        Rows().Select(row => row.What).Where(what => what.StartsWith("OZ-", StringComparison.Ordinal)));

    [Fact]
    public void Each_of_the_originals_defects_has_a_test() =>
        Assert.Equal(Defects, Rows().Count(row => !row.What.StartsWith("OZ-", StringComparison.Ordinal)));

    [Fact]
    public void Every_row_says_what_its_tests_show() => Assert.Empty(Rows().Where(row => row.Tests.Count == 0 || !row.Shows.EndsWith('.')));

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var (methods, titles) = (Methods(), Titles());
        Assert.Empty(from row in Rows()
                     from test in row.Tests
                     where !(test.StartsWith("clients/typescript: ", StringComparison.Ordinal) ? titles.Contains(test["clients/typescript: ".Length..]) : methods.Contains(test))
                     select $"{row.What}: there is no test {test}");
    }

    [Fact]
    public void The_pages_say_plainly_what_zones_are_not_for()
    {
        foreach (var page in new[] { "docs/guide/zones.md", "docs/explanation/arteries.md", "docs/reference/artery.md" })
        {
            var text = Repository.Read(page).ReplaceLineEndings(" ");
            Assert.True(
                text.Contains("must not be lost", StringComparison.OrdinalIgnoreCase) && text.Contains("twice", StringComparison.OrdinalIgnoreCase),
                $"{page} does not say that what must not be lost or not happen twice does not belong here");
        }
    }

    [Fact]
    public void The_three_pages_are_there() => Assert.All(
        ["docs/explanation/arteries.md", "docs/explanation/zones.md", "docs/explanation/satellites.md"],
        page => Assert.Contains("# ", Repository.Read(page), StringComparison.Ordinal));

    static List<(string What, string Shows, List<string> Tests)> Rows() => [
        .. from line in Repository.Read(Table).Split('\n')
           where line.StartsWith("| ", StringComparison.Ordinal) && line.Contains('`', StringComparison.Ordinal)
           let cells = line.Split('|', StringSplitOptions.TrimEntries)
           select (cells[1], cells[2], Name().Matches(cells[3]).Select(match => match.Groups["name"].Value).ToList())];

    static HashSet<string> Methods() => [
        .. from file in Repository.Sources("tests")
           let text = Repository.Read(file)
           let space = Namespace().Match(text).Groups["name"].Value
           from Match type in TestClass().Matches(text)
           from Match method in TestMethod().Matches(text)
           select $"{space}.{type.Groups["name"].Value}.{method.Groups["name"].Value}"];

    static HashSet<string> Titles() => [
        .. from file in Repository.Files("clients/typescript", ".js")
           from Match title in Title().Matches(Repository.Read(file))
           select title.Groups["title"].Value];

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^public (?:sealed )?(?:partial )?class (?<name>\w+Tests)\b", RegexOptions.Multiline)]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\[(?:Fact|Theory)\b[^\n]*\n(?:\s*\[[^\n]*\n)*\s*public (?:async )?(?:Task|void) (?<name>\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex("^\\s*test\\([\"`](?<title>[^\"`\n]+)[\"`]", RegexOptions.Multiline)]
    private static partial Regex Title();
}
