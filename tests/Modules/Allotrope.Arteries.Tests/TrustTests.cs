using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Arteries.Tests;

public class TrustTests
{
    static readonly ZoneManifest Manifest = Zone.Of(Zone.Service("a"), Zone.Service("b")) with { Stabilized = false };

    [Fact]
    public async Task Who_holds_another_key_is_closed_and_nothing_of_him_is_heard()
    {
        await using var world = new ZoneWorld(Manifest);
        var b = await world.ConnectAsync("b");
        var stranger = new TestService("a", world.Time);
        var refused = await Assert.ThrowsAsync<ArteryException>(() => stranger.ConnectAsync(world.Wire(), secret: "guessed"u8.ToArray()));
        Assert.Equal(CloseCode.NotAuthenticated, refused.Code);
        Assert.Equal("awaited", world.StatusOf("a").Connection);
        await world.BeatAsync(b);
        Assert.False(b.HasHeard);
    }

    [Fact]
    public async Task A_service_the_zone_does_not_know_is_refused_with_the_same_words()
    {
        await using var world = new ZoneWorld(Manifest);
        var unknown = await Assert.ThrowsAsync<ArteryException>(() => new TestService("x", world.Time).ConnectAsync(world.Wire()));
        var wrong = await Assert.ThrowsAsync<ArteryException>(() => new TestService("a", world.Time).ConnectAsync(world.Wire(), "guessed"u8.ToArray()));
        Assert.Equal((wrong.Code, wrong.Message), (unknown.Code, unknown.Message));
    }

    [Fact]
    public async Task A_service_of_another_zone_is_refused_even_with_this_zone_s_secret()
    {
        await using var world = new ZoneWorld(Manifest);
        var offer = new HandshakeOffer
        {
            Role = ArteryRole.Service, Zone = "office", Service = "a", Key = ArteryKey.OfZone(Zone.Secret, "office"), Epoch = 1, Sealed = false,
        };
        var refused = await Assert.ThrowsAsync<ArteryException>(() => ArteryLink.DialAsync(
            world.Wire(), offer, new TestService("a", world.Time), LinkOptions.Default, world.Time, SystemRandom.Instance, default));
        Assert.Equal(CloseCode.NotAuthenticated, refused.Code);
    }

    [Fact]
    public async Task During_a_rotation_both_keys_let_in_and_afterwards_only_the_new()
    {
        await using var world = new ZoneWorld(Manifest);
        var next = "the next key"u8.ToArray();
        world.Keys = [ArteryKey.OfZone(next, Zone.Name), .. world.Keys];
        await world.ConnectAsync("a");
        await new TestService("b", world.Time).ConnectAsync(world.Wire(), next);
        world.Keys = [world.Keys[0]];
        await Assert.ThrowsAsync<ArteryException>(() => new TestService("a", world.Time).ConnectAsync(world.Wire()));
    }

    [Fact]
    public async Task A_user_with_the_key_of_another_is_refused_and_does_not_become_a_member()
    {
        await using var world = new ZoneWorld(Manifest);
        var key = ArteryKey.OfZone(Zone.Secret, Zone.Name).ForUser("a", "ann");
        var offer = new HandshakeOffer { Role = ArteryRole.Service, Zone = Zone.Name, Service = "a", User = "bob", Key = key, Epoch = 1, Sealed = false };
        await Assert.ThrowsAsync<ArteryException>(() => ArteryLink.DialAsync(
            world.Wire(), offer, new TestService("a", world.Time), LinkOptions.Default, world.Time, SystemRandom.Instance, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(world.Core.Status().Arteries, artery => artery.Service == "a/bob");
    }

    [Fact]
    public async Task A_user_of_one_service_is_refused_as_user_of_another_that_may_say_more()
    {
        await using var world = new ZoneWorld(Manifest);
        var key = ArteryKey.OfZone(Zone.Secret, Zone.Name).ForUser("a", "ann");
        var offer = new HandshakeOffer { Role = ArteryRole.Service, Zone = Zone.Name, Service = "b", User = "ann", Key = key, Epoch = 1, Sealed = false };
        await Assert.ThrowsAsync<ArteryException>(() => ArteryLink.DialAsync(
            world.Wire(), offer, new TestService("b", world.Time), LinkOptions.Default, world.Time, SystemRandom.Instance, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(world.Core.Status().Arteries, artery => artery.Service == "b/ann");
    }

    [Fact]
    public async Task A_flood_closes_the_artery_of_who_makes_it_and_of_nobody_else()
    {
        await using var world = new ZoneWorld(Manifest with { Services = [Zone.Service("a") with { Rate = 100 }, Zone.Service("b")] });
        var (a, b) = (await world.ConnectAsync("a"), await world.ConnectAsync("b"));
        for (var i = 1; i <= 500; i++)
            a.TrySay("TICK", i);
        Assert.Equal(CloseCode.Flood, await a.ClosedAsync());
        await ZoneWorld.UntilAsync(() => world.StatusOf("a").Connection != "open");
        Assert.Contains("a says more", world.StatusOf("a").Message);
        Assert.Equal("open", world.StatusOf("b").Connection);
        Assert.InRange(world.StatusOf("b").Received, 1, 100);
        await world.BeatAsync(b);
    }

    [Fact]
    public void Keys_are_kept_for_their_owner_and_rotate()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var secrets = new ZoneSecrets(Path.Combine(folder, "zones"), container: folder);
        Assert.IsType<Fault.NotFound>(Assert.Throws<FaultException>(() => secrets.Read("home")).Fault);
        secrets.Put("home", "one\n"u8);
        secrets.Put("home", "one"u8); // the same
        Assert.Equal(["one\n"u8.ToArray()], secrets.Read("home"));
        secrets.Put("home", "two"u8);
        Assert.Equal(["two"u8.ToArray(), "one\n"u8.ToArray()], secrets.Read("home"));
        secrets.EndRotation("home");
        Assert.Equal(["two"u8.ToArray()], secrets.Read("home"));

        var file = Path.Combine(folder, "zones", "home.key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.IsType<Fault.Refused>(Assert.Throws<FaultException>(() => secrets.Read("home")).Fault);
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => secrets.Read("../home")).Fault);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_core_in_a_container_finds_its_key_where_the_original_has_it()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "o3_key"), "mounted");
        Assert.Equal(["mounted"u8.ToArray()], new ZoneSecrets(Path.Combine(folder, "zones"), container: folder).Read("home"));
        Directory.Delete(folder, recursive: true);
    }
}
