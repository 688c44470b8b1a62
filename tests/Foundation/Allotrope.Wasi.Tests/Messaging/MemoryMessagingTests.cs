using Allotrope.Components;
using Allotrope.Conformance;
using Allotrope.Wasi.Messaging;

namespace Allotrope.Wasi.Tests.Messaging;

public sealed class MemoryMessagingTests
{
    readonly ManualTime _time = new();
    readonly MemoryMessaging _service;
    readonly IClient _client;

    public MemoryMessagingTests()
    {
        _service = new(_time, most: 8);
        _client = _service.ClientConnect("default").Value;
    }

    [Fact]
    public async Task A_message_reaches_all_who_listen_to_its_topic_with_all_that_belongs_to_it()
    {
        var heard = new List<string>();
        using var first = _service.Subscribe("news", (message, _) => Note("1"));
        using var second = _service.Subscribe("news", (message, _) => Note($"2 {message.Topic()} {message.ContentType()} {message.Data().Span[0]} {message.Metadata()![0]}"));
        using var other = _service.Subscribe("weather", (_, _) => Note("3"));

        var message = _service.NewMessage(new byte[] { 7 });
        message.SetContentType("text/plain");
        message.AddMetadata("from", "here");
        Assert.True((await _service.Send(_client, "news", message)).IsOk);
        Assert.Equal(["1", "2 news text/plain 7 (from, here)"], heard);

        ValueTask Note(string line)
        {
            heard.Add(line);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task A_request_returns_with_the_reply()
    {
        using var service = _service.Subscribe("sum", async (message, _) => await _service.Reply(message, _service.NewMessage(new byte[] { 3 })));
        var replies = await _service.Request(_client, "sum", _service.NewMessage(new byte[] { 1, 2 }), null);
        Assert.Equal([3], Assert.Single(replies.Value).Data().ToArray());
    }

    [Fact]
    public async Task A_request_waits_for_as_many_replies_as_it_expects()
    {
        Replies? open = null;
        using var service = _service.Subscribe("sum", (_, replies) =>
        {
            open = replies;
            return ValueTask.CompletedTask;
        });
        var options = _service.NewRequestOptions();
        options.SetExpectedReplies(2);
        var request = _service.Request(_client, "sum", _service.NewMessage(default), options);
        open!.Add(new Message(new byte[] { 1 }));
        Assert.False(request.IsCompleted);
        open.Add(new Message(new byte[] { 2 }));
        open.Add(new Message(new byte[] { 3 }));
        Assert.Equal(2, (await request).Value.Length);
    }

    [Fact]
    public async Task A_request_that_nobody_answers_times_out()
    {
        using var silent = _service.Subscribe("sum", (_, _) => ValueTask.CompletedTask);
        var options = _service.NewRequestOptions();
        options.SetTimeoutMs(500);
        var request = _service.Request(_client, "sum", _service.NewMessage(default), options);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(request.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsType<Error.Timeout>((await request).Error);
    }

    [Fact]
    public async Task What_has_come_by_the_timeout_is_the_answer()
    {
        using var one = _service.Subscribe("sum", async (message, _) => await _service.Reply(message, _service.NewMessage(default)));
        var options = _service.NewRequestOptions();
        options.SetTimeoutMs(500);
        options.SetExpectedReplies(2);
        var request = _service.Request(_client, "sum", _service.NewMessage(default), options);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single((await request).Value);
    }

    [Fact]
    public async Task A_request_without_a_listener_fails_at_once() =>
        Assert.Equal("nobody listens to sum", Assert.IsType<Error.Connection>((await _service.Request(_client, "sum", _service.NewMessage(default), null)).Error).Value);

    [Fact]
    public async Task A_client_that_disconnected_sends_nothing()
    {
        _client.Disconnect();
        Assert.IsType<Error.Connection>((await _service.Send(_client, "news", _service.NewMessage(default))).Error);
    }

    [Fact]
    public async Task A_message_larger_than_the_service_takes_is_refused() =>
        Assert.Equal(
            "a message holds at most 8 bytes, not 9",
            Assert.IsType<Error.Other>((await _service.Send(_client, "news", _service.NewMessage(new byte[9]))).Error).Value);

    [Fact]
    public async Task A_message_that_asks_for_no_reply_gets_none()
    {
        Result<Unit, Error> reply = default;
        using var eager = _service.Subscribe("news", async (message, _) => reply = await _service.Reply(message, _service.NewMessage(default)));
        await _service.Send(_client, "news", _service.NewMessage(default));
        Assert.IsType<Error.Other>(reply.Error);
    }

    [Fact]
    public void Metadata_beyond_its_bound_ends_the_guest()
    {
        var message = _service.NewMessage(default);
        for (var i = 0; i < Message.Entries; i++)
            message.AddMetadata("key", "value");
        Assert.Throws<ComponentTrap>(() => message.AddMetadata("key", "value"));
        Assert.Throws<ComponentTrap>(() => message.SetContentType(new string('x', Message.EntryLength + 1)));
    }

    [Fact]
    public void Metadata_is_removed_by_its_key()
    {
        var message = _service.NewMessage(default);
        Assert.Null(message.Metadata());
        message.SetMetadata([("a", "1"), ("b", "2"), ("a", "3")]);
        message.RemoveMetadata("a");
        Assert.Equal([("b", "2")], message.Metadata()!);
    }
}
