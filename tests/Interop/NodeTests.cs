using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Allotrope.Artery;
using Allotrope.Artery.Client;
using Allotrope.EndToEnd;

namespace Allotrope.Interop;

/// <summary>
/// A node as a person starts it, with one blueprint that holds a zone and an actor. In the zone meet TypeScript in Deno, in node and in a tab of Chromium, C#,
/// WebAssembly, and a service that speaks the original's JSON only; the core dials some and is dialled by the others.
/// </summary>
public sealed class NodeTests : IAsyncLifetime
{
    const string Zone = "choir";
    const string Secret = "the secret of the choir";
    const int Ticks = 50;

    static readonly string[] Everyone = ["actor", "csharp", "deno", "legacy", "node", "tab"];

    readonly World _world = new();
    readonly Pages _pages = new();
    readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("allotrope-chromium-");
    readonly List<IAsyncDisposable> _parties = [];
    readonly Said _said = new();

    static string Key(string? user = null)
    {
        var zone = ArteryKey.OfZone(Encoding.UTF8.GetBytes(Secret), Zone);
        return Convert.ToHexStringLower((user is null ? zone : zone.ForUser("tab", user)).Export());
    }

    public async ValueTask InitializeAsync()
    {
        var (artery, node, csharp, legacy) = (InteropZone.FreePort(), InteropZone.FreePort(), CSharpVoice.Listening(), InteropZone.FreePort());
        var core = $"ws://127.0.0.1:{artery}/artery";
        await _world.UpAsync("--artery-port", $"{artery}");
        var secret = _world.Write("o3_key.txt", Secret);
        var blueprint = _world.Write("choir.yaml", Blueprint(node, csharp.Port!.Value, legacy));
        (await _world.AllotAsync("zone", "up", blueprint, "--key-file", secret)).Ok();
        await _said.ListenAsync(Zone, _world.Data);

        var chromium = await Tools.ChromiumAsync();
        Limb[] limbs =
        [
            Limb.Node(new { zone = Zone, service = "node", key = Secret, listen = new { port = node, hostname = "127.0.0.1" } }),
            await Limb.LegacyAsync(legacy),
            await Limb.DenoAsync(new { zone = Zone, service = "deno", key = Secret, core }),
            Limb.Chromium(chromium, _profile, _pages.UrlOf(
                "tests/Interop/programs/browser.html", new { zone = Zone, service = "tab", user = "ada", userKey = Key("ada"), core })),
        ];
        _parties.AddRange(limbs);
        var voice = new CSharpVoice(Zone, Secret, csharp, Ticks * (Everyone.Length - 1));
        _parties.Add(voice);
        await Task.WhenAll([.. limbs.Select(limb => limb.ReadyAsync()), voice.ReadyAsync()]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var party in _parties)
            await party.DisposeAsync();
        await _said.DisposeAsync();
        await _world.DisposeAsync();
        await _pages.DisposeAsync();
        _profile.Delete(recursive: true);
    }

    [Fact]
    public async Task Everyone_hears_everyone_else_exactly_once_and_in_order()
    {
        await SayAsync("ROLL_CALL", "7");
        var present = await _said.HearAsync("PRESENT", Everyone.Length);
        Assert.Equal(Everyone, present.Select(one => NameOf(one.Data)).Order());
        Assert.Equal(
            ["csharp", "deno", "node", "browser", "original", "wasm"],
            new[] { "csharp", "deno", "node", "tab", "legacy", "actor" }.Select(name => present.Single(one => NameOf(one.Data) == name).Data.GetProperty("runtime").GetString()));
        Assert.Equal("tab/ada", present.Single(one => NameOf(one.Data) == "tab").Origin);

        await SayAsync("START", $"{Ticks}");
        await _said.HearAsync("TICK", Ticks * Everyone.Length);
        // What is said behind all ticks is heard behind them too, so every report is complete
        await SayAsync("REPORT", "null");
        var reports = await _said.HearAsync("REPORTED", Everyone.Length);
        Assert.Equal(Everyone, reports.Select(one => NameOf(one.Data)).Order());
        foreach (var (_, report) in reports)
        {
            var heard = report.GetProperty("heard").Deserialize<Dictionary<string, int[]>>()!;
            Assert.Equal(Everyone.Where(name => name != NameOf(report)), heard.Keys.Order());
            Assert.All(heard.Values, numbers => Assert.Equal(Enumerable.Range(1, Ticks), numbers));
        }
    }

    static string Blueprint(int node, int csharp, int legacy) => $$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: choir-and-chorister}
        spec:
          components:
            - name: {{Zone}}
              type: zone
              properties:
                heartbeat: 1s
                missed: 100
                onFlatline: zombie
                services:
                  - {name: csharp, host: 127.0.0.1, port: {{csharp}} }
                  - {name: deno}
                  - {name: legacy, host: 127.0.0.1, port: {{legacy}}, legacy: true}
                  - {name: node, host: 127.0.0.1, port: {{node}} }
                  - {name: tab}
            - name: chorister
              type: actor
              properties: {image: {{Path.Combine(Tools.Root, "guests", "chorister", "chorister.wasm")}} }
              traits:
                - {type: linkdef, properties: {target: {{Zone}} } }
        """;

    async Task SayAsync(string intent, string json) => (await _world.AllotAsync("intent", "send", Zone, intent, "--data-json", json)).Ok();

    static string NameOf(JsonElement data) => data.GetProperty("name").GetString()!;

    /// <summary>What <c>allot intent tail</c> prints.</summary>
    sealed class Said : IAsyncDisposable
    {
        readonly List<(string Name, string Origin, JsonElement Data)> _unread = [];
        Process? _tail;

        public async Task ListenAsync(string zone, string data)
        {
            _tail = Process.Start(Outcome.StartInfo(["intent", "tail", zone, "--json", "--data", data]))!;
            // Until it prints something it may not listen yet, and nothing tells when it does but what it prints
            using var patience = new CancellationTokenSource(InteropZone.Patience);
            var first = ReadAsync(patience.Token);
            while (!first.IsCompleted)
            {
                (await Outcome.OfAsync(["intent", "send", zone, "LISTENING", "--data", data])).Ok();
                await Task.WhenAny(first, Task.Delay(100, patience.Token));
            }

            await first;
        }

        public async Task<List<(string Origin, JsonElement Data)>> HearAsync(string name, int count)
        {
            using var patience = new CancellationTokenSource(InteropZone.Patience);
            try
            {
                while (_unread.Count(one => one.Name == name) < count)
                    await ReadAsync(patience.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Of {count} {name} came only {string.Join(", ", _unread.Where(one => one.Name == name))}", late);
            }

            var heard = _unread.Where(one => one.Name == name).Select(one => (one.Origin, one.Data)).ToList();
            _unread.RemoveAll(one => one.Name == name);
            return heard;
        }

        public async ValueTask DisposeAsync()
        {
            if (_tail is null)
                return;
            _tail.Kill();
            await _tail.WaitForExitAsync();
            _tail.Dispose();
        }

        async Task ReadAsync(CancellationToken cancellation)
        {
            var line = await _tail!.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException(await _tail.StandardError.ReadToEndAsync(cancellation));
            var intent = JsonDocument.Parse(line).RootElement;
            _unread.Add((intent.GetProperty("name").GetString()!, intent.GetProperty("origin").GetString()!, JsonDocument.Parse(intent.GetProperty("data").GetString()!).RootElement));
        }
    }
}
