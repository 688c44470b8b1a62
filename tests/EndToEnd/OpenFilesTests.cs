using System.Net.Sockets;

namespace Allotrope.EndToEnd;

public class OpenFilesTests
{
    /// <summary>The runtime has two open for each assembly, some 220 in all when the node has started.</summary>
    const int Limit = 400;

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

        Assert.NotEmpty(await node.GetAsync());
        var outcome = await node.StopAsync("TERM");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("ulimit -n", outcome.Error, StringComparison.Ordinal);
    }
}
