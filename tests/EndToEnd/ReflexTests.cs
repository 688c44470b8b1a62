using System.Globalization;
using System.Text.RegularExpressions;
using Allotrope.Interop;

namespace Allotrope.EndToEnd;

/// <summary>samples/reflex as a stranger meets it: one command, and a page in a browser.</summary>
public partial class ReflexTests(ITestOutputHelper output)
{
    const string All = "document.querySelectorAll('#services tr[data-how=open]').length === 5";

    [Fact]
    public async Task The_page_shows_the_house_works_it_and_tells_plainly_what_a_lost_light_means()
    {
        _ = Tools.Node;
        await using var world = new World();
        var node = await world.UpAsync("samples/reflex", "--run");
        await using var page = await Browser.OpenAsync(new(Address().Match(node.Said("page", "http://")).Value));
        await page.UntilAsync(All);
        await page.UntilAsync("document.querySelector('#celsius').textContent.includes('°')");
        await KeepAsync(page, "calm");

        await page.ClickAsync("#walk", until: "document.querySelector('#hall').classList.contains('lit')");
        await page.ClickAsync("#window", until: "document.querySelector('#living').classList.contains('airing')");
        await KeepAsync(page, "lit");

        // All that the page ever tells, for what happens does not wait for a slow test
        await page.EvaluateAsync("""
            const story = document.querySelector('#story');
            window.told = [];
            new MutationObserver(() => told.push(story.innerText)).observe(story, { childList: true, characterData: true, subtree: true })
            """);
        await LoseAsync(page);
        await KeepAsync(page, "unplugged");
        await page.UntilAsync("told.some(line => /The light is back and has been told that it missed \\d+ intent/.test(line))");
        await page.UntilAsync(All);
        await page.ClickAsync("[data-mode=on]", until: "document.querySelector('#light-word').textContent === 'the light is on'");
        await page.UntilAsync(All);
        Assert.Contains("light", (await world.AllotAsync("zone", "status", "house")).Ok(), StringComparison.Ordinal);
        Assert.Equal(0, (await node.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task From_the_sensor_to_the_light_takes_a_few_milliseconds()
    {
        const int Attempts = 6;
        await using var world = new World();
        await world.UpAsync("samples/reflex", "--run");
        var core = System.Text.Json.JsonDocument.Parse((await world.AllotAsync("zone", "status", "house", "--json")).Ok()).RootElement.GetProperty("address").GetString()!;
        var (p50, p99) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var attempt = 0; attempt < Attempts && p99 > 5; attempt++)
        {
            var printed = await Tools.RunAsync(Tools.Node, [Repository.PathOf("samples/reflex/measure.js"), "300"], ("O3_CORE", core));
            output.WriteLine(printed.TrimEnd());
            Assert.StartsWith("300 of 300 reflexes", printed, StringComparison.Ordinal);
            var times = Times().Match(printed).Groups;
            p50 = Math.Min(p50, double.Parse(times[1].Value, CultureInfo.InvariantCulture));
            p99 = Math.Min(p99, double.Parse(times[2].Value, CultureInfo.InvariantCulture));
        }
        // Half of the reflexes are fast on any machine, measured 2 ms on one fifteen times too busy; 99 of 100 need one that has time
        Assert.True(p50 <= 25, $"At best p50 is {p50} ms.");
        if (p99 > 5)
            Assert.Skip($"This machine is too busy to measure: at best p99 is {p99} ms.");
    }

    /// <summary>Unplugs the light and lets somebody walk by before it is started again; once more if the machine was too slow for that.</summary>
    static async Task LoseAsync(Browser page)
    {
        const string Light = "document.querySelector('tr[data-service=light]').dataset.how";
        const string Lost = "told.some(line => line.includes('meant for it'))";
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await page.ClickAsync("tr[data-service=light] .unplug", until: $"{Light} === 'gone' && (document.querySelector('#walk').click(), true)");
            await page.UntilAsync($"{Lost} || {Light} === 'open'");
            if ((await page.EvaluateAsync(Lost))!.GetValue<bool>())
                return;
        }
        Assert.Fail("Nobody walked by while the light was away.");
    }

    /// <summary>On a desk, in the dark, and on a phone, for people to look at.</summary>
    static async Task KeepAsync(Browser page, string name)
    {
        var folder = Repository.PathOf("artifacts/screenshots");
        await page.CaptureAsync($"{folder}/reflex-{name}.png", 1280, 900);
        await page.CaptureAsync($"{folder}/reflex-{name}-dark.png", 1280, 900, dark: true);
        await page.CaptureAsync($"{folder}/reflex-{name}-phone.png", 390, 844);
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Address();

    [GeneratedRegex(@"p50 ([\d.]+) ms, p99 ([\d.]+) ms")]
    private static partial Regex Times();
}
