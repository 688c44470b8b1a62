using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Allotrope.Interop;

namespace Allotrope.EndToEnd;

/// <summary>A headless Chromium with one tab, driven by its DevTools protocol.</summary>
sealed class Browser : IAsyncDisposable
{
    /// <summary>A machine with two busy cores starts a browser in seconds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static readonly string[] Quiet =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0",
    ];

    readonly DirectoryInfo _profile;
    readonly Process _process;
    readonly ClientWebSocket _tab = new();
    int _commands;

    Browser(string chromium)
    {
        _profile = Directory.CreateTempSubdirectory("allotrope-chromium-");
        _process = Process.Start(new ProcessStartInfo(chromium, [.. Quiet, $"--user-data-dir={_profile.FullName}", "about:blank"])
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Opens an address; the page may not be complete when it returns.</summary>
    public static async Task<Browser> OpenAsync(Uri address)
    {
        var browser = new Browser(await Tools.ChromiumAsync());
        try
        {
            await browser.GoAsync(address);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Awaits that an expression of the page's language is true.</summary>
    /// <param name="after">What the page does first: what comes of it and goes again is seen however slow the machine is.</param>
    public async Task UntilAsync(string expression, string after = "")
    {
        // The browser looks at each change of the page, and now and then without
        var awaited = $$"""
            new Promise(resolve => {
                const look = () => { try { if ({{expression}}) { observer.disconnect(); clearInterval(timer); resolve(true); } } catch { } };
                const observer = new MutationObserver(look), timer = setInterval(look, 250);
                observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
                {{after}};
                look();
            })
            """;
        try
        {
            await EvaluateAsync(awaited);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"It never became true that {expression}; the page says: {await TextAsync()}", late);
        }
    }

    /// <summary>Clicks, and awaits what comes of it.</summary>
    public Task ClickAsync(string selector, string until) =>
        UntilAsync(until, after: $"document.querySelector({JsonSerializer.Serialize(selector)}).click()");

    public async Task<string> TextAsync() => (await EvaluateAsync("document.body.innerText"))?.GetValue<string>() ?? "";

    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        Assert.True(answer["exceptionDetails"] is null, $"{expression}: {answer["exceptionDetails"]?.ToJsonString()}");
        return answer["result"]?["value"];
    }

    /// <summary>Keeps what a screen of this size shows of the whole page.</summary>
    public async Task CaptureAsync(string file, int width, int height, bool dark = false)
    {
        await SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        var scheme = new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" };
        await SendAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(scheme) });
        await EvaluateAsync("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() => document.getAnimations().forEach(one => { if (one instanceof CSSTransition) one.finish(); }))");
        var picture = await SendAsync("Page.captureScreenshot", new JsonObject { ["captureBeyondViewport"] = true });
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, Convert.FromBase64String(picture["data"]!.GetValue<string>()), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _tab.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Delete(recursive: true);
    }

    async Task GoAsync(Uri address)
    {
        using var late = new CancellationTokenSource(Patience);
        var printed = "";
        while (await _process.StandardError.ReadLineAsync(late.Token) is { } line)
        {
            printed += line + "\n";
            if (line.Split("DevTools listening on ", 2) is not [_, var debugger])
                continue;
            _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None); // so that it never waits to be read; ends with the process
            using var http = new HttpClient();
            var tabs = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://{new Uri(debugger).Authority}/json/list"), late.Token))!.AsArray();
            await _tab.ConnectAsync(new Uri(tabs.First(tab => tab!["type"]!.GetValue<string>() == "page")!["webSocketDebuggerUrl"]!.GetValue<string>()), late.Token);
            await SendAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() });
            return;
        }
        throw new InvalidOperationException($"Chromium did not start: {printed}");
    }

    async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        using var late = new CancellationTokenSource(Patience);
        var id = ++_commands;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _tab.SendAsync(System.Text.Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, true, late.Token);
        while (true)
        {
            using var message = new MemoryStream();
            var buffer = new byte[64 * 1024];
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _tab.ReceiveAsync(buffer.AsMemory(), late.Token);
                message.Write(buffer.AsSpan(0, part.Count));
            }
            while (!part.EndOfMessage);
            if (JsonNode.Parse(message.ToArray()) is { } answer && answer["id"]?.GetValue<int>() == id)
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer.ToJsonString()}");
        }
    }
}
