using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.Messages;

/// <summary>A component that speaks <c>wasi:messaging</c>; the test is its provider.</summary>
[Collection(nameof(Components))]
public sealed class WasiMessagingTests : IAsyncLifetime
{
    const string Provider = "shop-messages";

    static readonly byte[] Herald = HttpExchange.Guest("herald-c/herald.wasm");

    ActorNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        var status = await _node.RunComponentAsync("herald", Herald, instances: 4, [Link("default", "producer", "request-reply"), Link("quiet", "producer")]);
        Assert.True(status.State == WorkloadState.Running, status.Message);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_message_is_sent_with_all_that_belongs_to_it()
    {
        await using var news = await _node.Lattice.SubscribeAsync(Subjects.Topic(Provider, "news.>"), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((200, ""), await _node.GetAsync("herald", "/send/news.today/rain"));
        var sent = await NextAsync(news);
        Assert.Equal(("news.today", "rain", null, "text/plain"), (sent.Subject, Encoding.UTF8.GetString(sent.Body.Span), sent.ReplyTo, sent.ContentType));
        Assert.Equal([KeyValuePair.Create("from", "herald")], sent.Metadata);
    }

    [Fact]
    public async Task A_request_returns_with_the_first_reply_or_as_many_as_are_expected()
    {
        await using var asked = await _node.Lattice.SubscribeAsync(Subjects.Topic(Provider, "sum"), cancellation: TestContext.Current.CancellationToken);
        foreach (var (path, said) in new[] { ("/request/sum/x", "1 [text/plain]\n"), ("/request/sum/x/2", "1 [text/plain]\n2\n"), ("/request/sum/x/0", "") })
        {
            var answer = _node.GetAsync("herald", path);
            var request = await NextAsync(asked);
            if (request.ReplyTo is { } inbox)
            {
                await ReplyAsync(inbox, "1", "text/plain");
                await ReplyAsync(inbox, "2");
            }
            Assert.Equal((200, said), await answer);
        }
    }

    [Fact]
    public async Task What_has_come_when_the_time_is_over_is_the_answer()
    {
        await using var asked = await _node.Lattice.SubscribeAsync(Subjects.Topic(Provider, "sum"), cancellation: TestContext.Current.CancellationToken);
        var answer = _node.GetAsync("herald", "/request/sum/x/2");
        await ReplyAsync((await NextAsync(asked)).ReplyTo!, "1");
        Assert.Equal((200, "1\n"), await answer);
        Assert.Equal((503, "timeout"), await _node.GetAsync("herald", "/request/sum/x"));
    }

    [Theory]
    [InlineData("/request/sum/x", "connection: nobody subscribes to sum")]
    [InlineData("/send/a..b/x", "other: ")]
    [InlineData("/to/other/send/news/x", "connection: no link to a provider of wasi:messaging is named other")]
    [InlineData("/to/quiet/request/sum/x", "denied: the link quiet is not for wasi:messaging/request-reply")]
    [InlineData("/leave/news/x", "connection: the client was disconnected")]
    public async Task What_cannot_be_sent_is_told(string path, string why)
    {
        var (status, text) = await _node.GetAsync("herald", path);
        Assert.Equal(503, status);
        Assert.StartsWith(why, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_a_guest_hoards_end_it()
    {
        Assert.Equal((200, ""), await _node.GetAsync("herald", "/hoard/1"));
        var error = await Assert.ThrowsAsync<FaultException>(() => _node.GetAsync("herald", "/hoard/3"));
        Assert.Contains("the component holds messages of more than 16777216 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_comes_is_replied_to_as_often_as_the_guest_likes()
    {
        await using var replies = await _node.Lattice.SubscribeAsync(Subjects.Replies(Provider, "1"), cancellation: TestContext.Current.CancellationToken);
        Assert.Null(await DeliverAsync("twice"));
        Assert.Equal("news: twice", Encoding.UTF8.GetString((await NextAsync(replies)).Body.Span));
        Assert.Equal("news: twice", Encoding.UTF8.GetString((await NextAsync(replies)).Body.Span));
        Assert.Equal(["news: twice [text/plain, a=1 b=2]"], (await _node.LogsAsync("herald")).Select(line => line.Text));
    }

    [Fact]
    public async Task A_message_that_wants_no_reply_gets_none_and_is_handled() => Assert.Null(await DeliverAsync("hello", replyTo: null));

    [Fact]
    public async Task What_a_guest_says_is_wrong_with_a_message_is_told_and_in_its_log()
    {
        Assert.Equal("this text is wrong", await DeliverAsync("fail"));
        Assert.Equal(["the message on news was not handled: this text is wrong"], (await _node.LogsAsync("herald")).Select(line => line.Text));
    }

    [Fact]
    public async Task A_reply_needs_a_link_to_whom_the_message_came_from() => Assert.Equal(
        "no link to other-messages is for wasi:messaging/request-reply", await DeliverAsync("hello", provider: "other-messages"));

    [Fact]
    public async Task What_a_component_does_not_export_cannot_give_it_a_message()
    {
        var error = await Assert.ThrowsAsync<FaultException>(() => DeliverAsync("hello", by: "wasmcloud:messaging/handler"));
        Assert.Contains("exports no wasmcloud:messaging/handler", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_were_missed_are_in_the_log()
    {
        await DeliverAsync("hello", lost: 3);
        Assert.Contains(
            "3 messages were dropped before the message on news: they came faster than the component took them.", (await _node.LogsAsync("herald")).Select(line => line.Text));
    }

    static BoundLink Link(string name, params string[] interfaces) =>
        new(Provider, ComponentKind.Capability, "wasi:messaging", name, new Dictionary<string, string>()) { Interfaces = interfaces };

    static async Task<BrokerMessage> NextAsync(Subscription messages) =>
        (await messages.Messages.ReadAsync().AsTask().WaitAsync(ActorNode.Patience)).Payload.As(ContractsJson.Default.BrokerMessage);

    ValueTask ReplyAsync(string inbox, string text, string? type = null) => _node.Lattice.PublishAsync(new Message(
        Subjects.Replies(Provider, inbox["_INBOX.".Length..]),
        Payload.Of(new BrokerMessage(inbox, Encoding.UTF8.GetBytes(text)) { ContentType = type }, ContractsJson.Default.BrokerMessage)));

    async Task<string?> DeliverAsync(
        string text, string? replyTo = "_INBOX.1", string provider = Provider, string by = "wasi:messaging/incoming-handler", long lost = 0)
    {
        var message = new BrokerMessage("news", Encoding.UTF8.GetBytes(text), replyTo) { ContentType = "text/plain", Metadata = [new("a", "1"), new("b", "2")] };
        var reply = await _node.Lattice.RequestAsync(
            new Message(Subjects.Handle("herald"), Payload.Of(new MessageDelivery(provider, by, message, lost), ContractsJson.Default.MessageDelivery)), ActorNode.Patience);
        return reply.Payload.As(ContractsJson.Default.MessageOutcome).Error;
    }
}
