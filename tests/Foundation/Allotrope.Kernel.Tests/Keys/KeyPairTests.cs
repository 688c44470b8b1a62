using FsCheck;
using FsCheck.Fluent;

namespace Allotrope.Kernel.Tests;

public class KeyPairTests
{
    const string AccountSeed = "SAAAAAICAMCAKBQHBAEQUCYMBUHA6EARCIJRIFIWC4MBSGQ3DQOR4HYMHI";

    [Theory]
    [InlineData(0, KeyRole.Account, "AAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QPZV")]
    [InlineData(1, KeyRole.Module, "MB43KVROR7TFJ6KAPCYRF2FJROTZAH4FHLTJLPWX4DRZCC5NASLGJBYB")]
    [InlineData(2, KeyRole.Cluster, "CBB43QBD2IWV7HQQPUNANE2FPU25DUIOW7JBY4QRSL2W6XPEAZS5HSBV")]
    public void Counting_seed_bytes_give_the_golden_public_keys(byte first, KeyRole role, string expected)
    {
        using var pair = KeyPair.Create(role, new Counting(first));
        Assert.Equal(expected, pair.PublicKey.ToString());
    }

    [Theory]
    [InlineData(0, KeyRole.Account, AccountSeed)]
    [InlineData(2, KeyRole.Cluster, "SCAAEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJ57Q")]
    public void Counting_seed_bytes_give_the_golden_seeds(byte first, KeyRole role, string expected)
    {
        using var pair = KeyPair.Create(role, new Counting(first));
        Assert.Equal(expected, pair.ToSeed());
    }

    [Fact]
    public void A_seed_gives_the_same_pair_again_in_every_role() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), Gen.Elements(Enum.GetValues<KeyRole>()).ToArbitrary(), (number, role) =>
        {
            using var pair = KeyPair.Create(role, new SeededRandom(number));
            using var again = KeyPair.FromSeed(pair.ToSeed());
            Assert.Equal('S', pair.ToSeed()[0]);
            Assert.Equal(pair.PublicKey.ToString()[0], pair.ToSeed()[1]);
            Assert.Equal(pair.PublicKey, again.PublicKey);
            Assert.True(pair.PublicKey.Verify("message"u8, again.Sign("message"u8)));
        }).Check(Quiet.Config);

    [Fact]
    public void Another_key_does_not_verify()
    {
        using var one = KeyPair.Create(KeyRole.User, new SeededRandom(1));
        using var other = KeyPair.Create(KeyRole.User, new SeededRandom(2));
        Assert.False(other.PublicKey.Verify("message"u8, one.Sign("message"u8)));
    }

    [Theory]
    [InlineData("", "58 characters")]
    [InlineData("SAAAAAICAMCAKBQHBAEQUCYMBUHA6EARCIJRIFIWC4MBSGQ3DQOR4HYMHA", "mistyped")]
    [InlineData("SAAAAAICAMCAKBQHBAEQUCYMBUHA6EARCIJRIFIWC4MBSGQ3DQOR4HYM1I", "another character")]
    [InlineData("SAAAAAICAMCAKBQHBAEQUCYMBUHA6EARCIJRIFIWC4MBSGQ3DQOR4HYMHJ", "ends wrongly")]
    public void What_is_no_seed_is_refused_without_repeating_it(string text, string reason)
    {
        var message = Assert.Throws<FormatException>(() => KeyPair.FromSeed(text)).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain("SAAAA", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_mistyped_character_of_a_seed_is_noticed()
    {
        for (var at = 0; at < AccountSeed.Length; at++)
        {
            var letters = AccountSeed.ToCharArray();
            letters[at] = letters[at] == 'A' ? 'B' : 'A';
            Assert.Throws<FormatException>(() => KeyPair.FromSeed(letters));
        }
    }

    [Fact]
    public void A_disposed_pair_neither_signs_nor_tells_its_seed()
    {
        var pair = KeyPair.FromSeed(AccountSeed);
        pair.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pair.Sign("message"u8));
        Assert.Throws<ObjectDisposedException>(() => pair.ToSeed());
    }

    [Fact]
    public void Disposing_clears_the_seed()
    {
        var pair = KeyPair.FromSeed(AccountSeed);
        var seed = pair.Seed;
        Assert.Contains(seed, value => value != 0);
        pair.Dispose();
        Assert.All(seed, value => Assert.Equal(0, value));
    }

    /// <summary>Bytes that count up, as the golden vectors' seeds do.</summary>
    sealed class Counting(byte first) : IRandom
    {
        public void Fill(Span<byte> destination)
        {
            for (var i = 0; i < destination.Length; i++)
                destination[i] = (byte)(first + i);
        }
    }
}
