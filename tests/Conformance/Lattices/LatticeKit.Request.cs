using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Conformance;

public abstract partial class LatticeKit
{
    [Fact]
    public async Task A_request_is_answered()
    {
        await using var served = await Serve("greet", request => "hello " + Text(request));
        Assert.Equal("hello world", await Request("greet", "world"));
    }

    [Fact]
    public async Task The_handler_is_told_the_subject_and_headers()
    {
        await using var served = await Serve("greet.*", request => $"{request.Subject} {request.Headers?["Lang"]}");
        var reply = await Lattice.RequestAsync(Message("greet.ada") with { Headers = new Headers(new KeyValuePair<string, string>("Lang", "en")) });
        Assert.Equal("greet.ada en", Text(reply));
    }

    [Fact]
    public async Task The_headers_of_a_reply_travel_back()
    {
        await using var served = await Lattice.ServeAsync(
            "a", (_, _) => ValueTask.FromResult(Message("") with { Headers = new Headers(new KeyValuePair<string, string>("Age", "7")) }));
        Assert.Equal("7", (await Lattice.RequestAsync(Message("a"))).Headers!["age"]);
    }

    [Fact]
    public async Task A_request_nobody_serves_fails_at_once() =>
        Assert.Contains("nobody.home", (await Fails<Fault.Unreachable>(() => Request("nobody.home", timeout: TimeSpan.FromHours(1)))).Message);

    [Fact]
    public async Task A_request_after_serving_has_ended_fails_at_once()
    {
        await (await Serve("a", _ => "")).DisposeAsync();
        await Fails<Fault.Unreachable>(() => Request("a"));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_fault_of_a_handler_reaches_the_requester(Fault fault)
    {
        await using var served = await Serve("a", _ => throw new FaultException(fault));
        Assert.Equal(fault, (await Assert.ThrowsAsync<FaultException>(() => Request("a"))).Fault);
    }

    [Fact]
    public async Task The_fault_of_a_handler_that_took_its_time_reaches_the_requester()
    {
        await using var served = await Lattice.ServeAsync("a", async (_, _) =>
        {
            await Task.Yield();
            throw new FaultException(new Fault.Refused("no"));
        });
        Assert.Equal("no", (await Fails<Fault.Refused>(() => Request("a"))).Message);
    }

    [Fact]
    public async Task An_unexpected_error_of_a_handler_is_a_failure_that_names_the_subject()
    {
        await using var served = await Serve("some.subject", _ => throw new InvalidOperationException("broken"));
        Assert.Contains("some.subject", (await Fails<Fault.Failed>(() => Request("some.subject"))).Message);
    }

    [Fact]
    public async Task A_request_without_an_answer_times_out()
    {
        var never = new TaskCompletionSource<Message>();
        await using var served = await Lattice.ServeAsync("slow", (_, _) => new ValueTask<Message>(never.Task));
        var request = Request("slow", timeout: TimeSpan.FromSeconds(1));
        Assert.False(request.IsCompleted);
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Contains("slow", (await Fails<Fault.TimedOut>(() => request.WaitAsync(Patience))).Message);
        never.SetResult(Message(""));
    }

    [Fact]
    public async Task A_request_without_a_time_of_its_own_times_out_by_default()
    {
        var never = new TaskCompletionSource<Message>();
        await using var served = await Lattice.ServeAsync("slow", (_, _) => new ValueTask<Message>(never.Task));
        var request = Request("slow");
        await PassAsync(LatticeLimits.RequestTimeout);
        await Fails<Fault.TimedOut>(() => request.WaitAsync(Patience));
        never.SetResult(Message(""));
    }

    [Fact]
    public async Task A_request_with_no_time_at_all_is_refused() => await Fails<Fault.Invalid>(() => Request("a", timeout: TimeSpan.Zero));

    [Fact]
    public async Task A_request_can_be_cancelled()
    {
        var never = new TaskCompletionSource<Message>();
        await using var served = await Lattice.ServeAsync("slow", (_, _) => new ValueTask<Message>(never.Task));
        using var cancellation = new CancellationTokenSource();
        var request = Lattice.RequestAsync(Message("slow"), cancellation: cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.WaitAsync(Patience));
        never.SetResult(Message(""));
    }

    [Fact]
    public async Task Members_of_a_queue_group_take_turns()
    {
        await using var one = await Serve("a", _ => "one", "group");
        await using var two = await Serve("a", _ => "two", "group");
        List<string> answers = [];
        for (var i = 0; i < 40; i++)
            answers.Add(await Request("a"));
        Assert.InRange(answers.Count(answer => answer == "one"), 5, 35);
    }

    [Fact]
    public async Task The_rest_of_a_queue_group_serves_on_when_a_member_leaves()
    {
        await using var stays = await Serve("a", _ => "stays", "group");
        var leaves = await Serve("a", _ => "leaves", "group");
        await leaves.DisposeAsync();
        for (var i = 0; i < 10; i++)
            Assert.Equal("stays", await Request("a"));
    }

    [Fact]
    public async Task Of_several_servers_the_first_answer_counts()
    {
        var never = new TaskCompletionSource<Message>();
        await using var slow = await Lattice.ServeAsync("a", (_, _) => new ValueTask<Message>(never.Task));
        await using var quick = await Serve("a", _ => "quick");
        Assert.Equal("quick", await Request("a"));
        never.SetResult(Message(""));
    }

    [Fact]
    public async Task A_subscription_can_answer_by_publishing_to_the_reply_subject()
    {
        await using var subscription = await Lattice.SubscribeAsync("a");
        var request = Request("a", "question");
        var asked = await Next(subscription);
        Assert.Equal("question", Text(asked));
        await Publish(asked.ReplyTo!, "answer");
        Assert.Equal("answer", await request.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_subscription_may_watch_requests_that_another_answers()
    {
        await using var observer = await Lattice.SubscribeAsync("a");
        await using var served = await Serve("a", _ => "answer");
        Assert.Equal("answer", await Request("a", "question"));
        Assert.Equal("question", Text(await Next(observer)));
    }

    [Fact]
    public async Task A_fault_reaches_the_requester_also_when_others_watch()
    {
        await using var observer = await Lattice.SubscribeAsync("a");
        await using var served = await Serve("a", _ => throw new FaultException(new Fault.Invalid("line 3", "wrong")));
        Assert.Equal(new Fault.Invalid("line 3", "wrong"), await Fails<Fault.Invalid>(() => Request("a")));
    }

    [Fact]
    public async Task A_request_that_only_a_silent_subscription_receives_times_out()
    {
        await using var silent = await Lattice.SubscribeAsync("a");
        var request = Request("a", timeout: TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(1));
        await Fails<Fault.TimedOut>(() => request.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_message_published_with_a_reply_subject_is_answered_there()
    {
        await using var served = await Serve("a", _ => "answer");
        await using var replies = await Lattice.SubscribeAsync("my.replies");
        await Lattice.PublishAsync(Message("a") with { ReplyTo = "my.replies" });
        Assert.Equal("answer", Text(await Next(replies)));
    }

    [Fact]
    public async Task A_handler_may_request_from_others()
    {
        await using var inner = await Serve("inner", request => Text(request) + "!");
        await using var outer = await Lattice.ServeAsync("outer", async (request, stop) =>
            await Lattice.RequestAsync(request with { Subject = "inner" }, cancellation: stop));
        Assert.Equal("hey!", await Request("outer", "hey"));
    }

    [Fact]
    public async Task Disposing_what_is_served_awaits_the_requests_under_way()
    {
        var answer = new TaskCompletionSource<Message>();
        var begun = new TaskCompletionSource();
        var served = await Lattice.ServeAsync("a", (_, _) =>
        {
            begun.SetResult();
            return new ValueTask<Message>(answer.Task);
        });
        var request = Request("a");
        await begun.Task.WaitAsync(Patience);
        var disposing = served.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        answer.SetResult(Message("", "done"));
        Assert.Equal("done", await request.WaitAsync(Patience));
        await disposing.WaitAsync(Patience);
    }

    [Fact]
    public async Task Many_requests_at_once_each_get_their_own_answer()
    {
        await using var served = await Lattice.ServeAsync("echo", async (request, _) =>
        {
            await Task.Yield();
            return Message("", Text(request));
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Request("echo", $"{i}")));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), answers);
    }

    public static TheoryData<Fault> Faults { get; } =
    [
        new Fault.Invalid("line 7, column 3", "no such key"), new Fault.NotFound("gone"), new Fault.Refused("not yours"),
        new Fault.Conflict("taken"), new Fault.Unreachable("elsewhere"), new Fault.Exhausted("full"), new Fault.TimedOut("late"),
        new Fault.Damaged("bad"), new Fault.Failed("trap"),
    ];
}
