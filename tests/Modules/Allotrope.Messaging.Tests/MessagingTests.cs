using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Allotrope.Conformance;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Modules;

namespace Allotrope.Messaging.Tests;

/// <summary>A node with nothing but a bus and the module; the test is the components.</summary>
public sealed class MessagingTests : IAsyncLifetime
{
    const string Node = "NODE";
    const string Provider = "shop-messages";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly ManualTime _time = new();
    readonly InProcessLattice _lattice = new(TimeProvider.System);
    readonly ConcurrentDictionary<string, Channel<MessageDelivery>> _heard = new();
    ProviderModule _module = null!;
    long _revision;

    public async ValueTask InitializeAsync() => _module = await MessagingModule.StartAsync(_lattice, Node, _time);

    public async ValueTask DisposeAsync()
    {
        await _module.DisposeAsync();
        await _lattice.DisposeAsync();
    }

    [Fact]
    public async Task A_component_gets_the_messages_of_the_subjects_that_its_link_names()
    {
        await ServeAsync("shop-orders");
        Assert.Equal("Delivers 2 subscriptions.", (await AssignAsync(To("shop-orders", "orders.*, urgent"))).Message);
        await PublishAsync("orders.new", "one");
        await PublishAsync("other", "two");
        await PublishAsync("urgent", "three");
        string[] heard = [await HearAsync("shop-orders"), await HearAsync("shop-orders")];
        Assert.Equal(["orders.new one", "urgent three"], heard.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_component_that_subscribes_gets_a_message()
    {
        await ServeAsync("shop-a");
        await ServeAsync("shop-b");
        await AssignAsync(To("shop-a", "news"), To("shop-b", ">"));
        await PublishAsync("news", "x");
        Assert.Equal(["news x", "news x"], [await HearAsync("shop-a"), await HearAsync("shop-b")]);
    }

    [Fact]
    public async Task A_message_that_a_component_fails_at_keeps_none_from_the_next()
    {
        await _lattice.ServeAsync(Subjects.Handle("shop-bad"), (request, _) =>
        {
            Hear("shop-bad", request);
            throw new FaultException(new Fault.Failed("it trapped"));
        });
        await AssignAsync(To("shop-bad", "news"));
        await PublishAsync("news", "1");
        Assert.Equal("news 1", await HearAsync("shop-bad"));
        await PublishAsync("news", "2");
        Assert.Equal("news 2", await HearAsync("shop-bad"));
    }

    [Fact]
    public async Task What_a_link_names_no_more_is_delivered_no_more()
    {
        await ServeAsync("shop-orders");
        await AssignAsync(To("shop-orders", "a"));
        await AssignAsync(To("shop-orders", "b"));
        await PublishAsync("a", "x");
        await PublishAsync("b", "y");
        Assert.Equal("b y", await HearAsync("shop-orders"));
    }

    [Fact]
    public async Task A_component_that_never_ends_holds_up_no_change_of_its_links()
    {
        var began = new TaskCompletionSource();
        await _lattice.ServeAsync(Subjects.Handle("shop-slow"), async (_, stop) =>
        {
            began.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException("the delay ended");
        });
        await AssignAsync(To("shop-slow", "a"));
        await PublishAsync("a", "x");
        await began.Task.WaitAsync(Patience);
        var changed = AssignAsync(To("shop-slow", "b"));
        while (_time.Pending == 0)
            await Task.Delay(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(WorkloadState.Running, (await changed).State);
    }

    [Fact]
    public async Task A_component_is_told_by_which_interface_it_gets_a_message_and_from_whom()
    {
        await ServeAsync("shop-orders");
        await AssignAsync(To("shop-orders", "news", "wasi:messaging/incoming-handler"));
        await PublishAsync("news", "x");
        var delivery = await DeliveryAsync("shop-orders");
        Assert.Equal((Provider, "wasi:messaging/incoming-handler", 0), (delivery.Provider, delivery.Interface, delivery.Lost));
    }

    [Fact]
    public async Task A_component_that_takes_messages_by_both_interfaces_gets_each_by_both()
    {
        await ServeAsync("shop-orders");
        await AssignAsync(To("shop-orders", "news", "wasi:messaging/incoming-handler"), To("shop-orders", "news"));
        await PublishAsync("news", "x");
        string[] by = [(await DeliveryAsync("shop-orders")).Interface, (await DeliveryAsync("shop-orders")).Interface];
        Assert.Equal(["wasi:messaging/incoming-handler", "wasmcloud:messaging/handler"], by.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_component_that_is_too_slow_is_told_how_many_messages_it_missed()
    {
        var goOn = new TaskCompletionSource();
        await _lattice.ServeAsync(Subjects.Handle("shop-slow"), async (request, _) =>
        {
            Hear("shop-slow", request);
            await goOn.Task;
            return Handled;
        });
        await AssignAsync(To("shop-slow", "news"));
        const int AtOnce = 16, Missed = 5;
        for (var i = 0; i < AtOnce; i++)
        {
            await PublishAsync("news", "x");
            Assert.Equal(0, (await DeliveryAsync("shop-slow")).Lost);
        }
        for (var i = 0; i < LatticeLimits.SubscriptionCapacity + Missed; i++)
            await PublishAsync("news", "x");
        goOn.SetResult();
        var lost = 0L;
        for (var i = 0; i < LatticeLimits.SubscriptionCapacity; i++)
            lost += (await DeliveryAsync("shop-slow")).Lost;
        Assert.Equal(Missed, lost);
    }

    [Fact]
    public async Task Messages_reach_a_component_in_the_order_in_which_they_came()
    {
        await ServeAsync("shop-orders");
        await AssignAsync(To("shop-orders", "news"));
        const int Count = 200;
        for (var i = 0; i < Count; i++)
            await PublishAsync("news", $"{i}");
        for (var i = 0; i < Count; i++)
            Assert.Equal($"news {i}", await HearAsync("shop-orders"));
    }

    [Fact]
    public async Task A_change_of_links_calls_off_nothing_that_goes_on_as_before()
    {
        var (began, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var ended = new TaskCompletionSource<bool>();
        await _lattice.ServeAsync(Subjects.Handle("shop-slow"), async (_, stop) =>
        {
            began.SetResult();
            await goOn.Task;
            ended.SetResult(stop.IsCancellationRequested);
            return Handled;
        });
        await AssignAsync(To("shop-slow", "a"));
        await PublishAsync("a", "x");
        await began.Task.WaitAsync(Patience);
        await ServeAsync("shop-other");
        await AssignAsync(To("shop-slow", "a"), To("shop-other", "b"));
        _time.Advance(TimeSpan.FromSeconds(5));
        goOn.SetResult();
        Assert.False(await ended.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task Subscriptions_that_are_gone_end_together_however_many_never_do_by_themselves()
    {
        const int Subscriptions = 3;
        using var began = new CountdownEvent(Subscriptions);
        await _lattice.ServeAsync(Subjects.Handle("shop-slow"), async (_, stop) =>
        {
            began.Signal();
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException("the delay ended");
        });
        await AssignAsync(To("shop-slow", "a, b, c"));
        foreach (var subject in (string[])["a", "b", "c"])
            await PublishAsync(subject, "x");
        while (!began.IsSet)
            await Task.Delay(1);
        var changed = AssignAsync(To("shop-slow", "d"));
        while (_time.Pending < Subscriptions)
            await Task.Delay(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(WorkloadState.Running, (await changed.WaitAsync(Patience)).State);
    }

    [Fact]
    public async Task Large_messages_take_no_more_memory_than_a_component_has_for_them_by_all_its_subscriptions()
    {
        var goOn = new TaskCompletionSource();
        await _lattice.ServeAsync(Subjects.Handle("shop-slow"), async (request, _) =>
        {
            Hear("shop-slow", request);
            await goOn.Task;
            return Handled;
        });
        await AssignAsync(To("shop-slow", "a, b"));
        const int Sent = 100, Room = 64;
        var body = new string('x', 1 << 20);
        for (var i = 0; i < Sent; i++)
            await PublishAsync(i % 2 == 0 ? "a" : "b", body);
        goOn.SetResult();
        await PublishAsync("a", "last"); // so that it is told what was lost before
        await PublishAsync("b", "last");
        var (heard, lost, last) = (0, 0L, 0);
        while (last < 2)
        {
            var delivery = await DeliveryAsync("shop-slow");
            (heard, lost, last) = (heard + 1, lost + delivery.Lost, last + (delivery.Message.Body.Length == 4 ? 1 : 0));
        }
        Assert.InRange(heard, 1, Room + 2);
        Assert.Equal(Sent + 2, heard + lost);
    }

    [Fact]
    public async Task A_message_for_a_component_that_does_not_run_is_told_in_its_log()
    {
        var lines = Channel.CreateUnbounded<LogLine>();
        await _lattice.ServeAsync(Subjects.LogsWrite, (said, _) =>
        {
            lines.Writer.TryWrite(said.Payload.As(ContractsJson.Default.LogLine));
            return ValueTask.FromResult(Handled);
        });
        await AssignAsync(To("shop-gone", "news"));
        await PublishAsync("news", "x");
        var line = await lines.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal("shop-gone", line.Workload);
        Assert.Contains("the message on news was dropped: shop-messages has it for shop-gone, which does not run", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "name 1 to")]
    [InlineData("a..b", "link of shop-messages to shop-orders cannot be subscribed to: The pattern \"a..b\" has an empty token")]
    [InlineData("a>", "wildcard within the token")]
    public async Task Subjects_that_cannot_be_are_told(string subscriptions, string why)
    {
        var status = await AssignAsync(To("shop-orders", subscriptions));
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains(why, status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_of_another_image_is_refused() =>
        Assert.Contains("builtin:messaging", (await AssignAsync(Assignment() with { Image = "other.bin" })).Message, StringComparison.Ordinal);

    static IncomingLink To(string workload, string subscriptions, params string[] interfaces) =>
        new(workload, "default", new Dictionary<string, string> { ["subscriptions"] = subscriptions })
        {
            Kind = ComponentKind.Component,
            Interfaces = interfaces.Length > 0 ? interfaces : ["wasmcloud:messaging/handler"],
        };

    Assignment Assignment(params IncomingLink[] links) => new(
        Node, Provider, "shop", "messages", ++_revision, ComponentKind.Capability, MessagingContract.Image, MessagingContract.Id, "default", 1,
        ComponentLimits.Default, new Dictionary<string, string>(), [], links);

    async Task ServeAsync(string workload) => await _lattice.ServeAsync(Subjects.Handle(workload), (request, _) =>
    {
        Hear(workload, request);
        return ValueTask.FromResult(Handled);
    });

    static Message Handled => new("", Payload.Of(new MessageOutcome(), ContractsJson.Default.MessageOutcome));

    void Hear(string workload, Message request) => Heard(workload).Writer.TryWrite(request.Payload.As(ContractsJson.Default.MessageDelivery));

    Channel<MessageDelivery> Heard(string workload) => _heard.GetOrAdd(workload, _ => Channel.CreateUnbounded<MessageDelivery>());

    async Task<MessageDelivery> DeliveryAsync(string workload) => await Heard(workload).Reader.ReadAsync().AsTask().WaitAsync(Patience);

    ValueTask PublishAsync(string subject, string body) => _lattice.PublishAsync(
        new Message(Subjects.Topic(Provider, subject), Payload.Of(new BrokerMessage(subject, Encoding.UTF8.GetBytes(body)), ContractsJson.Default.BrokerMessage)));

    async Task<string> HearAsync(string workload)
    {
        var message = (await DeliveryAsync(workload)).Message;
        return $"{message.Subject} {Encoding.UTF8.GetString(message.Body.Span)}";
    }

    Task<WorkloadStatus> AssignAsync(params IncomingLink[] links) => AssignAsync(Assignment(links));

    Task<WorkloadStatus> AssignAsync(Assignment assignment) => _lattice.AssignAsync(assignment);
}
