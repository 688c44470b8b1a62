namespace Allotrope.Interop;

/// <summary>The original's example of two services, ported to JavaScript with its own API and wire, against the real core.</summary>
public sealed class OriginalTests
{
    [Fact]
    public async Task Service_a_and_service_b_of_the_original_run_against_this_core()
    {
        var (a, b) = (InteropZone.FreePort(), InteropZone.FreePort());
        await using var second = await StartAsync("service-b", b);
        await using var zone = await InteropZone.StartAsync(
            InteropZone.Service("service-a", a, legacy: true), InteropZone.Service("service-b", b, legacy: true));
        await second.ReadyAsync();
        await using var first = await StartAsync("service-a", a);

        await first.SaysAsync("a was thanked by service-b for 3");
        Assert.Equal(["ready on a", "a was thanked by service-b for 1", "a was thanked by service-b for 2", "a was thanked by service-b for 3"], first.Lines);
        Assert.Equal(["ready on b", """b heard SOME_INTENT of service-a: {"whoop":true,"number":1}"""], second.Lines);
    }

    static async Task<Limb> StartAsync(string service, int port) => new(
        await Tools.DenoAsync(), "run", "--quiet", "--no-prompt", "--no-config", "--no-npm", "--allow-net",
        Path.Combine(Tools.Root, "tests", "Interop", "programs", "original", $"{service}.js"), $"{port}");
}
