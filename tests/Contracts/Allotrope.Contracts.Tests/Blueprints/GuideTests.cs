using System.Text.RegularExpressions;

namespace Allotrope.Contracts.Tests;

public partial class GuideTests
{
    [Fact]
    public void Every_blueprint_in_the_guide_is_good()
    {
        var guide = File.ReadAllText(Path.Combine(Manifest.Folder(), "../../../../../docs/guide/blueprints.md"));
        var examples = Example().Matches(guide).Select(match => match.Groups["yaml"].Value).ToList();
        Assert.Equal(3, examples.Count);
        Assert.All(examples, example => Assert.Empty(Manifest.ReadText(example).Warnings));
    }

    [GeneratedRegex("```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
