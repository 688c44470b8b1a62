namespace Allotrope.Artery.Tests;

public sealed class LinkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_intent_arrives_as_it_was_sent(bool isSealed)
    {
        await using var pair = await Pair.CreateAsync(isSealed);
        Assert.True(pair.A.TrySend(Pair.Intent("lamp.on", 1)));
        Assert.Equal("lamp.on lamp 1", await pair.AtB.NextAsync());
        Assert.True(pair.B.TrySend(Pair.Intent("lamp.off", 2)));
        Assert.Equal("lamp.off lamp 2", await pair.AtA.NextAsync());
    }
}
