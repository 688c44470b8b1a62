using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasi.Random;

namespace Allotrope.Wasi.Tests.Random;

public class RandomSourceTests
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        RandomSource one = new(SystemRandom.Instance, new SeededRandom(7), 100), other = new(SystemRandom.Instance, new SeededRandom(7), 100);

        Assert.Equal(one.InsecureSeed(), other.InsecureSeed());
        Assert.Equal(one.GetInsecureRandomU64(), other.GetInsecureRandomU64());
        Assert.Equal(one.GetInsecureRandomBytes(13).ToArray(), other.GetInsecureRandomBytes(13).ToArray());
        Assert.NotEqual(one.GetRandomBytes(16).ToArray(), other.GetRandomBytes(16).ToArray());
        Assert.NotEqual(one.GetRandomU64(), other.GetRandomU64());
    }

    [Fact]
    public void A_length_beyond_the_bound_is_a_trap()
    {
        var source = new RandomSource(SystemRandom.Instance, SystemRandom.Instance, 100);

        Assert.Equal(100, source.GetRandomBytes(100).Length);
        Assert.Throws<ComponentTrap>(() => source.GetRandomBytes(101));
        Assert.Throws<ComponentTrap>(() => source.GetInsecureRandomBytes(ulong.MaxValue));
    }
}
