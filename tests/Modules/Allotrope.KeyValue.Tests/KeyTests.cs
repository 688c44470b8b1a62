using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue.Tests;

public sealed class KeyTests
{
    [Theory]
    [InlineData("plain-Key_1/2", "plain-Key_1/2")]
    [InlineData("", "=")]
    [InlineData(".", "=2E")]
    [InlineData("counter::foo", "counter=3A=3Afoo")]
    [InlineData("a=2E", "a=3D2E")]
    [InlineData("ü", "=C3=BC")]
    [InlineData("*.>", "=2A=2E=3E")]
    public void Any_text_becomes_a_key_of_a_bucket(string key, string expected) => Assert.Equal(expected, GuestKey.Of(key).Encoded);

    [Fact]
    public void Every_encoded_key_is_allowed_in_a_bucket_and_no_two_are_the_same()
    {
        var random = new Random(20261121);
        HashSet<string> keys = [];
        while (keys.Count < 20_000)
            keys.Add(string.Concat(Enumerable.Range(0, random.Next(0, 7)).Select(_ => "a=2E.*> /\n\0é=𝄞\"_-"[random.Next(0, 15)])).Replace("\ud834", "").Replace("\udd1e", ""));
        var encoded = keys.Select(key => GuestKey.Of(key).Encoded).ToList();
        Assert.All(encoded, Subject.CheckKey);
        Assert.Equal(keys.Count, encoded.Distinct().Count());
        Assert.True(keys.SetEquals(encoded.Select(GuestKey.Decode)));
    }

    [Fact]
    public void Long_keys_stay_apart_and_within_the_bound()
    {
        var (one, two) = (GuestKey.Of(new string('.', 400)).Encoded, GuestKey.Of(new string('.', 401)).Encoded);
        Subject.CheckKey(one);
        Assert.NotEqual(one, two);
    }

    [Fact]
    public void A_key_beyond_its_bound_is_refused()
    {
        GuestKey.Of(new string('a', KeyValueLimits.KeyLength));
        var error = Assert.Throws<FaultException>(() => GuestKey.Of(new string('a', KeyValueLimits.KeyLength + 1)));
        Assert.IsType<Fault.Invalid>(error.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a b\tc\n")]
    [InlineData("日本")]
    public async Task A_guest_may_use_any_text_as_a_key(string key)
    {
        await using var world = await KeyValueWorld.StartAsync();
        await world.CallAsync("Set", ("key", key), ("value", "x"), ("expires", 0));
        Assert.Equal("{value: x, exists: true}", await world.CallAsync("Get", key));
    }
}
