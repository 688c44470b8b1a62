using System.Text;
using Allotrope.Kernel;
using Allotrope.Record;

namespace Allotrope.Conformance;

/// <summary>
/// What every <see cref="IRecord"/> must do. Derive, say how one is opened, and all of it runs. <see cref="Reopen"/> closes the record and opens
/// what was written again, as after a restart.
/// </summary>
public abstract partial class RecordKit : IAsyncLifetime
{
    protected IRecord Record { get; private set; } = null!;

    /// <summary>Opens the test's own record, which is empty the first time.</summary>
    protected abstract ValueTask<IRecord> OpenAsync();

    public async ValueTask InitializeAsync() => Record = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Record.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task Reopen()
    {
        await Record.DisposeAsync();
        Record = await OpenAsync();
    }

    protected static RecordEvent Event(string text, string type = "said") => new(type, Encoding.UTF8.GetBytes(text));

    protected static RecordSnapshot Snapshot(long revision, string text) => new(revision, Encoding.UTF8.GetBytes(text));

    protected static string Text(ReadOnlyMemory<byte> data) => Encoding.UTF8.GetString(data.Span);

    protected async Task<List<string>> ReadTexts(string stream, long after = 0)
    {
        List<string> texts = [];
        await foreach (var one in Record.ReadAsync(stream, after))
            texts.Add(Text(one.Data));
        return texts;
    }

    protected static async Task<TFault> Fails<TFault>(Func<Task> act) where TFault : Fault =>
        Assert.IsType<TFault>((await Assert.ThrowsAsync<FaultException>(act)).Fault);
}
