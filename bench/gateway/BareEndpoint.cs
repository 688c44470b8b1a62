using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Allotrope.Bench.Gateway;

/// <summary>The peer: the smallest Kestrel application there is, one terminal delegate that writes an answer it has ready.</summary>
static class BareEndpoint
{
    /// <summary>Serves until its standard input ends; the first line it prints is its address.</summary>
    public static async Task<int> RunAsync(string contentType, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = contentType;
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes, 0, bytes.Length);
        });
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Urls.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
