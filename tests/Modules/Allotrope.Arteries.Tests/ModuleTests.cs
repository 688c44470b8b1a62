using System.Net;
using System.Net.WebSockets;
using System.Text;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Invocation = Allotrope.Contracts.Invocation;

namespace Allotrope.Arteries.Tests;

/// <summary>The module on a bus, with services over real WebSockets.</summary>
public class ModuleTests
{
    static readonly ZoneManifest Manifest = Zone.Of(Zone.Service("a"), Zone.Service("b"), Zone.Service("old") with { Legacy = true })
        with { Stabilized = false, Heartbeat = TimeSpan.FromMilliseconds(200), Missed = 1000 }; // a machine may stall for a second: nobody flat-lines

    [Fact]
    public async Task A_plain_request_is_answered_501_as_the_original_does()
    {
        await using var node = await NodeAsync(Manifest);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Assert.Equal(HttpStatusCode.NotImplemented, (await client.GetAsync(new Uri(node.Module.Address!, "/artery"))).StatusCode);
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(node.Module.Address!.Host)));
    }

    [Fact]
    public async Task Binary_and_original_JSON_services_meet_on_the_same_port()
    {
        await using var node = await NodeAsync(Manifest);
        await using var a = new TestService("a", TimeProvider.System);
        await a.ConnectAsync(new WebSocketTransport(await node.DialAsync(WebSocketTransport.Subprotocol)));
        using var old = await node.DialAsync(subprotocol: null);
        var beat = await TextAsync(old, text => text.Contains("HEARTBEAT"));
        Assert.Contains("\"requestingState\":true", beat);

        await SendAsync(old, """{"payload":[{"arteryName":"core","intent":"SOME_INTENT","data":{"whoop":true}}],"isBatch":false}""");
        Assert.Equal(("SOME_INTENT", "old", """{"whoop":true}"""), (await a.NextAsync() is var heard ? heard.Name : "", heard.Origin, heard.Data));
        a.Say("BACK", """{"n":[1,2.5,null]}""");
        Assert.Equal(
            """{"payload":[{"arteryName":"a","intent":"BACK","data":{"n":[1,2.5,null]}}],"isBatch":false}""",
            await TextAsync(old, text => text.Contains("BACK")));
        await SendAsync(old, """{"payload":[],"isBatch":false,"ackKey":"mine"}""");
        Assert.Equal("""{"ackReplyKey":"mine"}""", await TextAsync(old, text => text.Contains("mine")));
    }

    [Fact]
    public async Task A_reply_with_another_key_answers_no_heartbeat()
    {
        await using var node = await NodeAsync(Manifest);
        using var old = await node.DialAsync(subprotocol: null);
        await TextAsync(old, text => text.Contains("HEARTBEAT"));
        await SendAsync(old, """{"ackReplyKey":"unrelated"}""");
        await TextAsync(old, text => text.Contains("HEARTBEAT"));
        Assert.Null((await node.StatusAsync()).Arteries.Single(artery => artery.Service == "old").PulseMicroseconds);
        // A beat may be overdue before its reply is there, so each is answered until one is in time
        do
            await SendAsync(old, $$"""{"ackReplyKey":"{{KeyOf(await TextAsync(old, text => text.Contains("HEARTBEAT")))}}"}""");
        while ((await node.StatusAsync()).Arteries.Single(artery => artery.Service == "old").PulseMicroseconds is null);

        static string KeyOf(string beat) => beat.Split("\"ackKey\":\"")[1].Split('"')[0];
    }

    [Fact]
    public async Task Status_send_and_tail_are_on_the_bus()
    {
        await using var node = await NodeAsync(Manifest);
        await using var a = new TestService("a", TimeProvider.System);
        await a.ConnectAsync(new WebSocketTransport(await node.DialAsync(WebSocketTransport.Subprotocol)));
        await a.NextBeatAsync();
        await using var tail = await node.Lattice.SubscribeAsync(Subjects.IntentTail(Zone.Name));
        await node.Lattice.RequestAsync(new Message(
            Subjects.IntentSend, Payload.Of(new IntentRecord(Zone.Name, "", "HELLO", """{"x":1}""", default, 0), ContractsJson.Default.IntentRecord)), TestNode.Patience);
        Assert.Equal(("HELLO", "core", """{"x":1}"""), (await a.NextAsync() is var heard ? heard.Name : "", heard.Origin, heard.Data));
        var seen = (await tail.Messages.ReadAsync(TestContext.Current.CancellationToken)).Payload.As(ContractsJson.Default.IntentRecord);
        Assert.Equal(("HELLO", "core", 1L), (seen.Name, seen.Origin, seen.Sequence));
        Assert.Equal("open", (await node.StatusAsync()).Arteries.Single(artery => artery.Service == "a").Connection);
        var refused = await Assert.ThrowsAsync<FaultException>(async () => await node.Lattice.RequestAsync(new Message(
            Subjects.IntentSend, Payload.Of(new IntentRecord(Zone.Name, "", "HEARTBEAT", "1", default, 0), ContractsJson.Default.IntentRecord))));
        Assert.IsType<Fault.Invalid>(refused.Fault);
    }

    [Fact]
    public async Task An_actor_linked_to_a_zone_says_and_hears_intents_and_answers_calls()
    {
        var values = new Dictionary<string, string> { ["service"] = "brain", ["receive"] = "DOOR" };
        await using var node = await NodeAsync(Manifest, new IncomingLink("app-actor", "default", values));
        var handled = System.Threading.Channels.Channel.CreateUnbounded<MessagingContract.ActorMessage>();
        await using var actor = await node.Lattice.ServeAsync(Subjects.Invoke("app-actor"), (message, _) =>
        {
            handled.Writer.TryWrite(MessagingContract.Read(message.Payload.As(ContractsJson.Default.Invocation).Body.Span));
            return ValueTask.FromResult(new Message("", Payload.Of(new InvocationResult(default), ContractsJson.Default.InvocationResult)));
        });
        await using var a = new TestService("a", TimeProvider.System);
        await a.ConnectAsync(new WebSocketTransport(await node.DialAsync(WebSocketTransport.Subprotocol)));
        await a.NextBeatAsync();

        Assert.Null((await node.InvokeAsync("app-actor", MessagingContract.Publish, "LAMP", """{"on":true}""")).Error);
        Assert.Equal(("LAMP", "brain", """{"on":true}"""), (await a.NextAsync() is var heard ? heard.Name : "", heard.Origin, heard.Data));
        a.Say("DOOR", "7");
        var message = await handled.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("DOOR", "7"), (message.Subject, Encoding.UTF8.GetString(message.Body)));

        a.Call(new Artery.Invocation.Request(5, "brain", "", "think", null, TestService.Cbor("1"), TimeSpan.FromSeconds(5)));
        message = await handled.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await node.InvokeAsync("app-actor", MessagingContract.Publish, message.ReplyTo!, "\"thought\"");
        Assert.Equal(5, Assert.IsType<Artery.Invocation.Result>(await a.NextCallAsync()).Id);
        Assert.NotNull((await node.InvokeAsync("another", MessagingContract.Publish, "LAMP", "1")).Error);
    }

    [Fact]
    public async Task The_core_dials_a_service_that_listens_and_again_at_each_beat_after_it_has_gone()
    {
        await using var listening = new ListeningService();
        await using var node = await NodeAsync(Manifest with { Services = [Zone.Service("a") with { Host = "127.0.0.1", Port = listening.Port }] });
        for (var life = 1; life <= 2; life++)
        {
            await using var a = new TestService("a", TimeProvider.System, life);
            await a.AcceptAsync(await listening.AcceptAsync());
            Assert.Equal(1, (await a.NextBeatAsync()).Number);
            Assert.Equal("open", (await node.StatusAsync()).Arteries.Single().Connection);
        }
    }

    static Task<TestNode> NodeAsync(ZoneManifest manifest, params IReadOnlyList<IncomingLink> actors) => TestNode.StartAsync(manifest, actors);

    static async Task SendAsync(ClientWebSocket socket, string text) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    static async Task<string> TextAsync(ClientWebSocket socket, Func<string, bool> wanted)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20));
            if (Encoding.UTF8.GetString(buffer, 0, received.Count) is var text && wanted(text))
                return text;
        }
    }
}
