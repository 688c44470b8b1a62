using System.Net.Sockets;
using static Allotrope.Gateway.Tests.GatewayWorld;

namespace Allotrope.Gateway.Tests.Requests;

/// <summary>Alone, because what the whole process allocates is measured: the request crosses threads.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    /// <summary>What one request leaves behind: the invocation, the actor's answer with its strings, and Kestrel's cancellation for a client that leaves.</summary>
#if DEBUG
    const int BytesPerRequest = 2048; // unoptimised, every async method allocates
#else
    const int BytesPerRequest = 640;
#endif

    [Fact]
    public async Task A_request_leaves_a_few_hundred_bytes_to_the_collector()
    {
        var answer = ActorAnswer.Text("Hello, world");
        await using var world = await StartAsync();
        await world.ServeRawAsync("app-actor", answer);
        var address = new Uri((await world.AssignAsync("app-http", Link("app-actor"))).Urls[0]);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        var request = "GET /path?query=1 HTTP/1.1\r\nHost: localhost\r\nUser-Agent: test\r\nAccept: */*\r\nX-Some: thing\r\n\r\n"u8.ToArray();
        var response = new byte[4096];
        Exchange(1000); // until the runtime has compiled and pooled what it will

        var before = GC.GetTotalAllocatedBytes(precise: true);
        Exchange(1000);
        var perRequest = (GC.GetTotalAllocatedBytes(precise: true) - before) / 1000;

        Assert.InRange(perRequest, 1, BytesPerRequest);

        void Exchange(int times)
        {
            for (; times > 0; times--)
            {
                socket.Send(request);
                Assert.True(socket.Receive(response) > 0);
            }
        }
    }
}
