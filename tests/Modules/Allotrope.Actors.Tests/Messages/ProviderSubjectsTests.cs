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
        _subjects = new(new ComponentHost(_lattice, Logs: null!, TimeProvider.System, Random: null!, Folders: null!), CancellationToken.None);

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

    Task SendAsync(string subject, string? replyTo) => _subjects.SendAsync("shop-messages", new BrokerMessage(subject, default, replyTo)).AsTask();
}
