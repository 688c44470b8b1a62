using System.Net;
using System.Text.Json;

namespace Allotrope.Interop;

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
