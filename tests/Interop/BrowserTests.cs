using System.Net;
using System.Text;
using System.Text.Json;
using Allotrope.Artery;

namespace Allotrope.Interop;

/// <summary>A tab of headless Chromium is a service like any other, with the key of its user in place of the zone's.</summary>
public sealed class BrowserTests
{
    static readonly string[] Quiet =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
    ];

    [Fact]
    public async Task A_browser_tab_takes_part_with_a_key_of_its_user()
    {
        var chromium = await Tools.ChromiumAsync();
        await using var pages = new Pages();
        var profile = Directory.CreateTempSubdirectory("allotrope-chromium-");
        try
        {
            await TakePartAsync("browser", options => Task.FromResult(new Limb(
                chromium, [.. Quiet, $"--user-data-dir={profile.FullName}", pages.UrlOf("tests/Interop/programs/browser.html", options)])));
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
        var key = ArteryKey.OfZone(Encoding.UTF8.GetBytes(InteropZone.Secret), InteropZone.Name).ForUser("ada").Export();
        var options = new { zone = InteropZone.Name, service = "tab", user = "ada", userKey = Convert.ToHexStringLower(key), core = zone.Url };
        await zone.AddAsync(await start(options));
        await zone.SayAsync("ROLL_CALL", 7);
        var tab = (await zone.HearAsync("PRESENT", 2)).Single(one => one.Data.GetProperty("name").GetString() == "tab");
        Assert.Equal(("tab/ada", runtime), (tab.Origin, tab.Data.GetProperty("runtime").GetString()));
        await zone.SayAsync("ASK", new { by = "tab", of = "node", what = 1 });
        var answer = Assert.Single(await zone.HearAsync("ANSWERED", 1)).Data.GetProperty("answer");
        Assert.Equal(("node", "tab/ada"), (answer.GetProperty("from").GetString(), answer.GetProperty("caller").GetString()));
    }

    /// <summary>Serves the repository's browser programs on loopback.</summary>
    sealed class Pages : IAsyncDisposable
    {
        readonly HttpListener _listener = new();
        readonly int _port = InteropZone.FreePort();
        readonly Task _serving;

        public Pages()
        {
            _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
            _listener.Start();
            _serving = ServeAsync();
        }

        public string UrlOf(string file, object options) =>
            $"http://127.0.0.1:{_port}/{file}#{Uri.EscapeDataString(JsonSerializer.Serialize(options))}";

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
            _listener.Close();
        }

        async Task ServeAsync()
        {
            while (_listener.IsListening)
                try
                {
                    var context = await _listener.GetContextAsync();
                    var path = Path.GetFullPath(Path.Combine(Tools.Root, context.Request.Url!.AbsolutePath[1..]));
                    var known = new[] { "tests/Interop/programs/", "clients/typescript/" }
                        .Any(folder => path.StartsWith(Path.Combine(Tools.Root, folder), StringComparison.Ordinal));
                    context.Response.ContentType = path.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/html";
                    context.Response.StatusCode = known && File.Exists(path) ? 200 : 404;
                    context.Response.Close(context.Response.StatusCode == 200 ? await File.ReadAllBytesAsync(path) : [], willBlock: false);
                }
                catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException && !_listener.IsListening)
                {
                    return;
                }
        }
    }
}
