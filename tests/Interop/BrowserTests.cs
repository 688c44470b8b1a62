using System.Text;
using Allotrope.Artery;

namespace Allotrope.Interop;

/// <summary>A tab of headless Chromium is a service like any other, with the key of its user in place of the zone's.</summary>
public sealed class BrowserTests
{
    [Fact]
    public async Task A_browser_tab_takes_part_with_a_key_of_its_user()
    {
        var chromium = await Tools.ChromiumAsync();
        await using var pages = new Pages();
        var profile = Directory.CreateTempSubdirectory("allotrope-chromium-");
        try
        {
            await TakePartAsync("browser", options => Task.FromResult(
                Limb.Chromium(chromium, profile, pages.UrlOf("tests/Interop/programs/browser.html", options))));
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    /// <summary>The same without a browser: its WebSocket and WebCrypto are those of Deno.</summary>
    [Fact]
    public Task A_user_takes_part_with_a_key_of_their_own() => TakePartAsync("deno", Limb.DenoAsync);

    static async Task TakePartAsync(string runtime, Func<object, Task<Limb>> start)
    {
        await using var zone = await InteropZone.StartAsync(InteropZone.Service("tab"), InteropZone.Service("node"));
        await zone.AddAsync(Limb.Node(zone.Dialling("node")));
        var key = ArteryKey.OfZone(Encoding.UTF8.GetBytes(InteropZone.Secret), InteropZone.Name).ForUser("tab", "ada").Export();
        var options = new { zone = InteropZone.Name, service = "tab", user = "ada", userKey = Convert.ToHexStringLower(key), core = zone.Url };
        await zone.AddAsync(await start(options));
        await zone.SayAsync("ROLL_CALL", 7);
        var tab = (await zone.HearAsync("PRESENT", 2)).Single(one => one.Data.GetProperty("name").GetString() == "tab");
        Assert.Equal(("tab/ada", runtime), (tab.Origin, tab.Data.GetProperty("runtime").GetString()));
        await zone.SayAsync("ASK", new { by = "tab", of = "node", what = 1 });
        var answer = Assert.Single(await zone.HearAsync("ANSWERED", 1)).Data.GetProperty("answer");
        Assert.Equal(("node", "tab/ada"), (answer.GetProperty("from").GetString(), answer.GetProperty("caller").GetString()));
    }
}
