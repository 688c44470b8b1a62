using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Conformance;

public abstract partial class LatticeKit
{
    [Fact]
    public async Task A_message_reaches_a_subscription_to_its_subject()
    {
        await using var subscription = await Lattice.SubscribeAsync("a.b");
        await Publish("a.b", "hello");
        var message = await Next(subscription);
        Assert.Equal(("a.b", "hello"), (message.Subject, Text(message)));
    }

    [Fact]
    public async Task A_message_reaches_every_subscription()
    {
        await using var one = await Lattice.SubscribeAsync("a");
        await using var two = await Lattice.SubscribeAsync("a");
        await Publish("a", "hello");
        Assert.Equal("hello", Text(await Next(one)));
        Assert.Equal("hello", Text(await Next(two)));
    }

    [Fact]
    public async Task A_subject_with_a_listener_may_be_heard()
    {
        await using var subscription = await Lattice.SubscribeAsync("zone.*");
        Assert.True(Lattice.MayBeHeard("zone.home"));
    }

    [Fact]
    public async Task A_message_nobody_wants_is_no_error() => await Publish("nobody.listens");

    [Fact]
    public async Task Messages_of_one_publisher_arrive_in_order()
    {
        await using var subscription = await Lattice.SubscribeAsync("a");
        for (var i = 0; i < 500; i++)
            await Publish("a", $"{i}");
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), await Drain(subscription, "a"));
    }

    [Theory]
    [InlineData("a.*", "a.b", true)]
    [InlineData("a.*", "a", false)]
    [InlineData("a.*", "a.b.c", false)]
    [InlineData("*.b", "a.b", true)]
    [InlineData("*", "a", true)]
    [InlineData("*", "a.b", false)]
    [InlineData("a.>", "a.b", true)]
    [InlineData("a.>", "a.b.c.d", true)]
    [InlineData("a.>", "a", false)]
    [InlineData(">", "a.b.c", true)]
    [InlineData("a.*.c", "a.b.c", true)]
    [InlineData("a.*.c", "a.b.d", false)]
    [InlineData("*.*.>", "a.b.c", true)]
    [InlineData("*.*.>", "a.b", false)]
    [InlineData("a.b", "a.B", false)]
    [InlineData("a.b", "a.bc", false)]
    public async Task A_pattern_matches_by_tokens(string pattern, string subject, bool matches)
    {
        await using var subscription = await Lattice.SubscribeAsync(pattern);
        await using var everything = await Lattice.SubscribeAsync(">");
        await Publish(subject, "hello");
        await Next(everything); // so that the message had its time to arrive
        Assert.Equal(matches, subscription.Messages.TryRead(out _));
    }

    [Fact]
    public async Task A_subject_used_before_reaches_a_subscription_made_later()
    {
        await Publish("a.b");
        await using var exact = await Lattice.SubscribeAsync("a.b");
        await Publish("a.b", "1");
        await using var wide = await Lattice.SubscribeAsync("a.*");
        await Publish("a.b", "2");
        Assert.Equal(["1", "2"], await Drain(exact, "a.b"));
        Assert.Equal("2", Text(await Next(wide)));
    }

    [Fact]
    public async Task A_disposed_subscription_receives_nothing_more()
    {
        var subscription = await Lattice.SubscribeAsync("a");
        await Publish("a", "1");
        await Next(subscription);
        await subscription.DisposeAsync();
        await Publish("a", "2");
        Assert.Empty(await subscription.ReadAllAsync().ToListAsync());
    }

    [Fact]
    public async Task Disposing_one_subscription_leaves_the_others()
    {
        await using var stays = await Lattice.SubscribeAsync("a");
        await (await Lattice.SubscribeAsync("a")).DisposeAsync();
        await (await Lattice.SubscribeAsync("*")).DisposeAsync();
        await Publish("a", "still");
        Assert.Equal("still", Text(await Next(stays)));
    }

    [Fact]
    public async Task Headers_travel_in_order_and_may_repeat()
    {
        await using var subscription = await Lattice.SubscribeAsync("a");
        await Lattice.PublishAsync(Message("a") with { Headers = new Headers(new("One", "1"), new("Two", "2"), new("One", "3")) });
        var headers = (await Next(subscription)).Headers;
        Assert.Equal([new("One", "1"), new("Two", "2"), new KeyValuePair<string, string>("One", "3")], headers!);
        Assert.Equal("2", headers!["two"]);
    }

    [Fact]
    public async Task A_slow_subscription_loses_the_oldest_and_counts_them()
    {
        await using var slow = await Lattice.SubscribeAsync("a", new SubscriptionOptions(Capacity: 3));
        await using var everything = await Lattice.SubscribeAsync("a");
        for (var i = 0; i < 5; i++)
            await Publish("a", $"{i}");
        for (var i = 0; i < 5; i++)
            await Next(everything);
        Assert.Equal(2, slow.Dropped);
        Assert.Equal("2", Text(await Next(slow)));
    }

    [Fact]
    public async Task A_queue_group_hands_each_message_to_one_member()
    {
        await using var one = await Lattice.SubscribeAsync("a", new SubscriptionOptions("workers"));
        await using var two = await Lattice.SubscribeAsync("a", new SubscriptionOptions("workers"));
        await using var everything = await Lattice.SubscribeAsync("a");
        for (var i = 0; i < 100; i++)
            await Publish("a", $"{i}");
        for (var i = 0; i < 100; i++)
            await Next(everything);
        Assert.Equal(100, one.Messages.Count + two.Messages.Count);
        Assert.True(one.Messages.Count > 10 && two.Messages.Count > 10, $"{one.Messages.Count} and {two.Messages.Count} are no turns.");
    }

    [Fact]
    public async Task Every_queue_group_receives_each_message()
    {
        await using var one = await Lattice.SubscribeAsync("a", new SubscriptionOptions("one"));
        await using var two = await Lattice.SubscribeAsync("a", new SubscriptionOptions("two"));
        await Publish("a", "hello");
        Assert.Equal("hello", Text(await Next(one)));
        Assert.Equal("hello", Text(await Next(two)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("a.*")]
    [InlineData("a.>")]
    public async Task A_malformed_subject_is_refused(string subject)
    {
        await Fails<Fault.Invalid>(() => Publish(subject).AsTask());
        await Fails<Fault.Invalid>(() => Request(subject));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData(">.a")]
    [InlineData("a.b*")]
    [InlineData("a.>>")]
    public async Task A_malformed_pattern_is_refused(string pattern)
    {
        await Fails<Fault.Invalid>(() => Lattice.SubscribeAsync(pattern).AsTask());
        await Fails<Fault.Invalid>(() => Serve(pattern, _ => "").AsTask());
    }

    [Fact]
    public async Task A_subject_beyond_its_bound_is_refused()
    {
        await Publish(new string('a', LatticeLimits.SubjectLength));
        await Fails<Fault.Invalid>(() => Publish(new string('a', LatticeLimits.SubjectLength + 1)).AsTask());
    }

    [Fact]
    public async Task A_closed_lattice_takes_nothing_more()
    {
        await Lattice.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Publish("a").AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Request("a"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Lattice.SubscribeAsync("a").AsTask());
    }

    [Fact]
    public async Task Closing_the_lattice_ends_its_subscriptions()
    {
        var subscription = await Lattice.SubscribeAsync("a");
        var reading = subscription.ReadAllAsync().ToListAsync().AsTask();
        await Lattice.DisposeAsync();
        Assert.Empty(await reading.WaitAsync(Patience));
    }
}
