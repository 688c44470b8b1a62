using Allotrope.Kernel;

namespace Allotrope.Contracts.Tests;

public sealed class SignatureTests : IDisposable
{
    static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    readonly KeyPair _key = KeyPair.Create(KeyRole.User, new SeededRandom(7));

    [Fact]
    public void What_was_signed_verifies() => Assert.True(BlueprintSignature.Verify(Signed()));

    [Fact]
    public void A_flipped_bit_in_any_field_of_a_signed_blueprint_is_refused()
    {
        var signed = Signed();
        for (var bit = 0; bit < signed.Canonical.Length * 8; bit++)
            Assert.False(BlueprintSignature.Verify(signed with { Canonical = Flip(signed.Canonical, bit) }));
        for (var bit = 0; bit < signed.Signature.Length * 8; bit++)
            Assert.False(BlueprintSignature.Verify(signed with { Signature = Flip(signed.Signature, bit) }));
        for (var bit = 0; bit < 61; bit++)
            Assert.False(BlueprintSignature.Verify(signed with { SignedAt = Flip(signed.SignedAt, bit) }));
        for (var at = 0; at < signed.Signer.Length; at++)
            Assert.False(BlueprintSignature.Verify(signed with { Signer = Flip(signed.Signer, at) }));
    }

    [Fact]
    public void A_flipped_bit_in_any_field_of_a_signed_removal_is_refused()
    {
        var signed = BlueprintSignature.SignRemoval("counter", 7, _key, Noon);
        Assert.True(BlueprintSignature.Verify(signed));
        for (var bit = 0; bit < 64; bit++)
            Assert.False(BlueprintSignature.Verify(signed with { Revision = signed.Revision ^ (1L << bit) }));
        for (var bit = 0; bit < 61; bit++)
            Assert.False(BlueprintSignature.Verify(signed with { SignedAt = Flip(signed.SignedAt, bit) }));
        for (var bit = 0; bit < signed.Signature.Length * 8; bit++)
            Assert.False(BlueprintSignature.Verify(signed with { Signature = Flip(signed.Signature, bit) }));
        for (var at = 0; at < signed.Name.Length; at++)
            Assert.False(BlueprintSignature.Verify(signed with { Name = Flip(signed.Name, at) }));
        for (var at = 0; at < signed.Signer.Length; at++)
            Assert.False(BlueprintSignature.Verify(signed with { Signer = Flip(signed.Signer, at) }));
    }

    [Fact]
    public void The_same_moment_in_another_time_zone_is_refused() =>
        Assert.False(BlueprintSignature.Verify(Signed() with { SignedAt = Noon.ToOffset(TimeSpan.FromHours(1)) }));

    [Fact]
    public void Another_key_of_the_same_length_is_refused()
    {
        using var other = KeyPair.Create(KeyRole.User, new SeededRandom(8));
        Assert.False(BlueprintSignature.Verify(Signed() with { Signer = other.PublicKey.ToString() }));
    }

    [Fact]
    public void A_removal_is_no_blueprint_even_with_the_same_bytes()
    {
        var removal = BlueprintSignature.SignRemoval("counter", 7, _key, Noon);
        Assert.False(BlueprintSignature.Verify(new SignedBlueprint("counter"u8.ToArray(), Noon, removal.Signer, removal.Signature)));
    }

    [Fact]
    public void Missing_fields_are_refused()
    {
        Assert.False(BlueprintSignature.Verify(new SignedBlueprint(default, default, null!, default)));
        Assert.False(BlueprintSignature.Verify(new SignedRemoval(null!, 0, default, null!, default)));
    }

    public void Dispose() => _key.Dispose();

    SignedBlueprint Signed() => BlueprintSignature.Sign("{\"name\":\"counter\"}"u8.ToArray(), _key, Noon);

    static byte[] Flip(ReadOnlyMemory<byte> bytes, int bit)
    {
        var flipped = bytes.ToArray();
        flipped[bit / 8] ^= (byte)(1 << bit % 8);
        return flipped;
    }

    static DateTimeOffset Flip(DateTimeOffset time, int bit)
    {
        var ticks = time.Ticks ^ (1L << bit);
        return ticks <= DateTimeOffset.MaxValue.Ticks ? new(ticks, TimeSpan.Zero) : DateTimeOffset.MaxValue;
    }

    static string Flip(string text, int at) => string.Concat(text.AsSpan(0, at), $"{(char)(text[at] ^ 1)}", text.AsSpan(at + 1));
}
