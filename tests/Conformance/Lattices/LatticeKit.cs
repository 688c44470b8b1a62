using System.Text;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Conformance;

/// <summary>
/// What every <see cref="ILattice"/> must do. Derive, say how one is opened and how time passes for it, and all of it runs. Nothing here relies on
/// messages being handed over by reference, or on a message having arrived when its sending has completed.
/// </summary>
public abstract partial class LatticeKit : IAsyncLifetime
{
    /// <summary>How long a test waits for what must come; only a failing test waits so long.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    protected ILattice Lattice { get; private set; } = null!;

    /// <summary>Opens the test's own lattice, with what its durable buckets held before.</summary>
    protected abstract ValueTask<ILattice> OpenAsync();

    /// <summary>Lets time pass for time-outs and values with an end: really, or on a clock of the test's own.</summary>
    protected abstract Task PassAsync(TimeSpan span);

    public async ValueTask InitializeAsync() => Lattice = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Lattice.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task Reopen()
    {
        await Lattice.DisposeAsync();
        Lattice = await OpenAsync();
    }

    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    protected static string Text(Message message) => Text(message.Payload.ToBytes());

    protected static Message Message(string subject, string text = "") => new(subject, Payload.Of(Bytes(text)));

    protected ValueTask Publish(string subject, string text = "") => Lattice.PublishAsync(Message(subject, text));

    protected async Task<string> Request(string subject, string text = "", TimeSpan? timeout = null) =>
        Text(await Lattice.RequestAsync(Message(subject, text), timeout));

    protected ValueTask<IAsyncDisposable> Serve(string pattern, Func<Message, string> answer, string? group = null) =>
        Lattice.ServeAsync(pattern, (request, _) => ValueTask.FromResult(Message("", answer(request))), group);

    protected static async Task<Message> Next(Subscription subscription)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await subscription.Messages.ReadAsync(patience.Token);
    }

    /// <summary>
    /// The texts of all messages that reach <paramref name="subscription"/> before one published now on <paramref name="marker"/>, which it must match.
    /// </summary>
    protected async Task<List<string>> Drain(Subscription subscription, string marker)
    {
        await Publish(marker, "end");
        List<string> texts = [];
        while (Text(await Next(subscription)) is var text and not "end")
            texts.Add(text);
        return texts;
    }

    protected static async Task<TFault> Fails<TFault>(Func<Task> act) where TFault : Fault =>
        Assert.IsType<TFault>((await Assert.ThrowsAsync<FaultException>(act)).Fault);
}
