namespace Allotrope.Kernel.Tests;

public class SystemRandomTests
{
    [Fact]
    public void Two_draws_differ()
    {
        var (first, second) = (new byte[32], new byte[32]);
        SystemRandom.Instance.Fill(first);
        SystemRandom.Instance.Fill(second);
        Assert.NotEqual(first, second);
    }
}
