using System.Text;
using System.Threading.Channels;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Arteries.Tests;

/// <summary>A required service flat-lines under the policy <c>restart</c>: the module on a bus, with somebody who starts services again, or cannot.</summary>
public class RestartTests
{
    static readonly ZoneManifest Manifest = Zone.Of(Zone.Service("a"), Zone.Service("brain", required: true)) with
    {
        Stabilized = false, Heartbeat = TimeSpan.FromMilliseconds(100), Missed = 3, OnFlatline = FlatlinePolicy.Restart,
    };

    static readonly IncomingLink Brain = new("app-actor", "default", new Dictionary<string, string> { ["service"] = "brain", ["receive"] = "DOOR" });

    [Fact]
    public async Task An_actor_that_hangs_is_asked_to_be_started_again_and_comes_back_to_the_zone()
    {
        var (hangs, asked) = (new TaskCompletionSource(), Channel.CreateUnbounded<string>());
        var heard = Channel.CreateUnbounded<string>();
        await using var node = await TestNode.StartAsync(Manifest, []);
        await using var planner = await node.Lattice.ServeAsync(Subjects.ServiceRestart("*"), (message, _) =>
        {
            asked.Writer.TryWrite(message.Payload.As(ContractsJson.Default.NameRequest).Name);
            return ValueTask.FromResult(new Message(""));
        });
        await using var actor = await node.Lattice.ServeAsync(Subjects.Invoke("app-actor"), async (message, cancellation) =>
        {
            if (heard.Writer.TryWrite("") && heard.Reader.Count == 1)
                await hangs.Task.WaitAsync(cancellation); // the first call only: the instance after the restart is well
            return new Message("", Payload.Of(new InvocationResult(default), ContractsJson.Default.InvocationResult));
        });
        await node.AssignAsync(Manifest, [Brain]);
        await node.UntilAsync("brain", artery => artery.Connection == "open");
        await node.SayAsync("DOOR");
        Assert.Equal("brain", await asked.Reader.ReadAsync(TestContext.Current.CancellationToken));
        await node.UntilAsync("brain", artery => artery is { Connection: "open", Message: "" });
        await node.SayAsync("DOOR");
        await heard.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await heard.Reader.ReadAsync(TestContext.Current.CancellationToken); // the second has arrived
    }

    [Fact]
    public async Task A_service_that_nobody_here_can_start_is_named_in_the_status_with_the_reason()
    {
        await using var node = await TestNode.StartAsync(Manifest, []);
        await using var planner = await node.Lattice.ServeAsync(Subjects.ServiceRestart("*"), (_, _) =>
            throw new FaultException(new Fault.NotFound("brain of zone home is none of the actors that run here: start it again where it runs.")));
        await node.UntilAsync("brain", artery => artery.Message.Contains("not started again: brain of zone home is none of the actors"));
        Assert.Equal("flat", (await node.StatusAsync()).Arteries.Single(artery => artery.Service == "brain").Connection);
    }

    [Fact]
    public async Task Without_anybody_who_starts_services_the_status_says_that_too()
    {
        await using var node = await TestNode.StartAsync(Manifest, []);
        await node.UntilAsync("brain", artery => artery.Message.Contains("not started again"));
        Assert.StartsWith("brain has flat-lined and was not started again: ", (await node.StatusAsync()).Message);
    }
}
