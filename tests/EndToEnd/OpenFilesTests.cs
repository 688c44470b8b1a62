using System.Net.Sockets;

namespace Allotrope.EndToEnd;

public class OpenFilesTests
{
    const int Limit = 280;

    [Fact]
    public async Task Idle_connections_do_not_take_the_last_descriptors_of_the_node()
    {
        await using var world = new World();
        var node = await world.UpAsync(
            arguments => RunningNode.Start(arguments, Limit), world.Write("hello.yaml", Blueprints.Http("hello", Repository.Guest("hello"))));
        await node.GetAsync();

        List<TcpClient> idle = [];
        for (var i = 0; i < Limit; i++)
        {
            idle.Add(new());
            await Task.WhenAny(idle[^1].ConnectAsync(node.Url.Host, node.Url.Port)); // one that is closed at once may fail to connect, which is well
        }
        (await world.AllotAsync("status")).Ok(); // through its socket, which needs a descriptor
        foreach (var client in idle)
            client.Dispose();

        Assert.NotEmpty(await OnceConnectionsHaveEndedAsync(node));
        var outcome = await node.StopAsync("TERM");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("ulimit -n", outcome.Error, StringComparison.Ordinal);
    }
    /// <summary>The node is told one by one that the clients have gone, and closes new connections until then.</summary>
    static async Task<string> OnceConnectionsHaveEndedAsync(RunningNode node)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await node.GetAsync();
            }
            catch (HttpRequestException) when (!patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }
}
