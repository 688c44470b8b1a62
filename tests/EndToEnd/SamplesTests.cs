namespace Allotrope.EndToEnd;

/// <summary>Every folder of samples/ does what its README says.</summary>
public class SamplesTests
{
    public static TheoryData<string> Samples => [.. Directory.GetDirectories(Repository.PathOf("samples")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_starts_and_answers(string sample)
    {
        await using var world = new World();
        var node = await world.UpAsync($"samples/{sample}");
        Assert.NotEmpty(await node.GetAsync("/Ada"));
    }

    [Fact]
    public async Task Hello_greets_by_name()
    {
        await using var world = new World();
        var node = await world.UpAsync("samples/hello");
        Assert.Equal("Hello, Ada!", (await node.GetAsync("/Ada")).Trim());
    }
}
