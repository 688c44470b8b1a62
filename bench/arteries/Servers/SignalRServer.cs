using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Allotrope.Bench.Arteries.Servers;

/// <summary>The peer: a SignalR hub that sends what one says to all others of its room.</summary>
static class SignalRServer
{
    /// <summary>The argument that makes this program be it.</summary>
    public const string Role = "--signalr";

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        // Who only listens says nothing for the whole run
        builder.Services.AddSignalR(options => options.ClientTimeoutInterval = TimeSpan.FromHours(1));
        await using var host = builder.Build();
        host.MapHub<RoomHub>("/room");
        await host.StartAsync();
        await Console.Out.WriteLineAsync(host.Urls.First().Replace("http", "ws", StringComparison.Ordinal));
        await Console.In.ReadToEndAsync();
        return 0;
    }
}

/// <summary>Everybody in one room hears the others.</summary>
sealed class RoomHub : Hub
{
    const string Room = "room";

    public override async Task OnConnectedAsync()
    {
        var room = Context.GetHttpContext()!.Request.Query[Room].ToString();
        Context.Items[Room] = room;
        await Groups.AddToGroupAsync(Context.ConnectionId, room);
    }

    public Task Say(long number) => Clients.OthersInGroup((string)Context.Items[Room]!).SendAsync("Tick", number);
}
