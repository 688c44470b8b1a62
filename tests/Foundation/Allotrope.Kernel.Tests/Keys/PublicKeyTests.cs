namespace Allotrope.Kernel.Tests;

public class PublicKeyTests
{
    const string Module = "MB43KVROR7TFJ6KAPCYRF2FJROTZAH4FHLTJLPWX4DRZCC5NASLGJBYB";
    const string Cluster = "CBB43QBD2IWV7HQQPUNANE2FPU25DUIOW7JBY4QRSL2W6XPEAZS5HSBV";

    [Theory]
    [InlineData("AAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QPZV", KeyRole.Account)]
    [InlineData(Module, KeyRole.Module)]
    [InlineData(Cluster, KeyRole.Cluster)]
    public void Its_text_form_comes_back_as_it_was(string text, KeyRole role)
    {
        var key = PublicKey.Parse(text);
        Assert.Equal(role, key.Role);
        Assert.Equal(text, key.ToString());
    }

    [Fact]
    public void Two_keys_are_equal_by_value()
    {
        Assert.Equal(PublicKey.Parse(Module), PublicKey.Parse(Module));
        Assert.NotEqual(PublicKey.Parse(Module), PublicKey.Parse(Cluster));
    }

    [Fact]
    public void The_same_bytes_in_another_role_are_another_key()
    {
        var bytes = new byte[32];
        PublicKey.Parse(Module).CopyTo(bytes);
        Assert.NotEqual(PublicKey.FromBytes(KeyRole.User, bytes), PublicKey.Parse(Module));
    }

    [Fact]
    public void Any_mistyped_character_is_noticed()
    {
        for (var at = 0; at < Module.Length; at++)
        {
            var letters = Module.ToCharArray();
            letters[at] = letters[at] == 'A' ? 'B' : 'A';
            Assert.False(PublicKey.TryParse(letters, out var key));
            Assert.True(key.IsEmpty);
        }
    }

    [Theory]
    [InlineData("", "56 characters")]
    [InlineData("MB43", "56 characters")]
    [InlineData("mb43kvror7tfj6kapcyrf2fjrotzah4fhltjlpwx4drzcc5naslgjbyb", "letters A to Z")]
    [InlineData("MB43KVROR7TFJ6KAPCYRF2FJROTZAH4FHLTJLPWX4DRZCC5NASLGJBYA", "mistyped")]
    public void What_is_no_key_is_refused_with_a_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => PublicKey.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_role_nobody_knows_is_refused()
    {
        var text = KeyText.Encode((KeyRole)(23 << 3), new byte[32]);
        Assert.Contains("begins with X", Assert.Throws<FormatException>(() => PublicKey.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_value_is_nobody_and_verifies_nothing()
    {
        PublicKey nobody = default;
        Assert.True(nobody.IsEmpty);
        Assert.Equal("", nobody.ToString());
        Assert.False(nobody.Verify("hello"u8, new byte[64]));
        Assert.NotEqual(nobody, PublicKey.FromBytes(KeyRole.Account, new byte[32]));
    }

    [Fact]
    public void Comparing_and_verifying_do_not_allocate()
    {
        using var pair = KeyPair.Create(KeyRole.Node, new SeededRandom(7));
        var (key, same, signature) = (pair.PublicKey, PublicKey.Parse(pair.PublicKey.ToString()), pair.Sign("warm"u8));
        Assert.True(key == same && key.Verify("warm"u8, signature));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var good = key == same && key.Verify("warm"u8, signature);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(good);
    }
}
