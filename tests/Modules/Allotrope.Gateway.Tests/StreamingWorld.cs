using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Gateway.Tests;

/// <summary>A gateway with one component behind it that is written in the test.</summary>
sealed class StreamingWorld(GatewayWorld world, IAsyncDisposable served, Uri address) : IAsyncDisposable
{
    public Uri Address => address;

    public HttpClient Client => world.Client;

    public static async Task<StreamingWorld> StartAsync(Func<Message, CancellationToken, ValueTask<Message>> handler, GatewayOptions? options)
    {
        var world = await GatewayWorld.StartAsync(options);
        var served = await world.Lattice.ServeAsync(Subjects.Http("app-page"), new Allotrope.Lattice.RequestHandler(handler));
        var status = await world.AssignAsync("app-http", GatewayWorld.Link("app-page") with { Kind = ComponentKind.Component });
        return new(world, served, new Uri(status.Urls[0]));
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await served.DisposeAsync();
    }
}
