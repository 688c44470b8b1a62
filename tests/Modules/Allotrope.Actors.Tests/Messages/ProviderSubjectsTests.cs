using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.Messages;

/// <summary>What one instance can send, and where.</summary>
public sealed class ProviderSubjectsTests : IAsyncLifetime
{
    readonly InProcessLattice _lattice = new(TimeProvider.System);
    readonly ProviderSubjects _subjects;

    public ProviderSubjectsTests() =>
        _subjects = new(new ComponentHost(_lattice, Logs: null!, TimeProvider.System, new SeededRandom(1), Folders: null!, Memory: null!), CancellationToken.None);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _lattice.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("_INBOX.*")]
    public async Task A_message_whose_reply_nobody_could_send_is_refused(string replyTo) =>
        Assert.IsType<Fault.Invalid>((await Assert.ThrowsAsync<FaultException>(() => SendAsync("news", replyTo))).Fault);

    [Fact]
    public async Task Where_a_reply_is_wanted_is_as_bounded_as_every_subject() =>
        Assert.IsType<Fault.Invalid>((await Assert.ThrowsAsync<FaultException>(() => SendAsync("news", new string('x', 100_000)))).Fault);

    [Theory]
    [InlineData("shop-messages", ">")]
    [InlineData("shop-messages", "_INBOX.>")]
    [InlineData("shop-messages", "*.1")]
    public async Task No_subscription_hears_what_answers_a_request(string provider, string pattern)
    {
        await using var spy = await _lattice.SubscribeAsync(Subjects.Topic(provider, pattern), cancellation: TestContext.Current.CancellationToken);
        await SendAsync("_INBOX.1", null);
        Assert.False(spy.Messages.TryRead(out _));
    }

    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(200, 1 << 20, 16)] // and the first one that is too much, by which it is known to be
    public async Task Of_a_flood_of_replies_no_more_wait_than_are_expected_and_a_component_can_hold(int expected, int length, int waiting)
    {
        await using var flood = await _lattice.ServeAsync(Subjects.Topic("shop-messages", "ask"), async (request, _) =>
        {
            var inbox = request.Payload.As(ContractsJson.Default.BrokerMessage).ReplyTo!;
            for (var i = 0; i < 100; i++)
                await _subjects.SendAsync("shop-messages", new BrokerMessage(inbox, new byte[length]));
            return new Message("", default);
        }, cancellation: TestContext.Current.CancellationToken);
        var replies = 0;
        await foreach (var _ in _subjects.RequestAsync("shop-messages", new BrokerMessage("ask", default), expected, TimeSpan.FromMilliseconds(500)))
            replies++;
        Assert.Equal(waiting, replies);
    }

    Task SendAsync(string subject, string? replyTo) => _subjects.SendAsync("shop-messages", new BrokerMessage(subject, default, replyTo)).AsTask();
}
