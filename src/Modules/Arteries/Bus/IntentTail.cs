using System.Text;
using System.Threading.Channels;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Arteries;

/// <summary>
/// Publishes the intents of a zone on the bus while somebody may be listening. What it cannot keep up with it leaves out; the zone never waits.
/// </summary>
sealed class IntentTail : IIntentTap, IAsyncDisposable
{
    /// <summary>A tail that lags more than this shows gaps in the sequence numbers.</summary>
    const int Capacity = 8192;

    readonly ILattice _lattice;
    readonly string _zone;
    readonly Channel<Held> _seen = Channel.CreateBounded<Held>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly Task _publishing;

    public IntentTail(ILattice lattice, string zone)
    {
        (_lattice, _zone) = (lattice, zone);
        _publishing = PublishAsync();
    }

    public bool IsWanted => _lattice.MayBeHeard(Subjects.IntentTail(_zone));

    public void See(in Intent intent) =>
        _seen.Writer.TryWrite(new Held(intent.Name, intent.Origin, intent.Sequence, intent.Time, intent.Data.ToArray(), Beat: 0));

    public async ValueTask DisposeAsync()
    {
        _seen.Writer.TryComplete();
        await _publishing;
    }

    async Task PublishAsync()
    {
        await foreach (var seen in _seen.Reader.ReadAllAsync())
        {
            var record = new IntentRecord(
                _zone, seen.Origin.Name, seen.Name, Encoding.UTF8.GetString(PrimitiveJson.ToJson(seen.Data)), ArteryTime.ToTime(seen.Time),
                seen.Sequence);
            await _lattice.PublishAsync(new Message(Subjects.IntentTail(_zone), Payload.Of(record, ContractsJson.Default.IntentRecord)));
        }
    }
}
