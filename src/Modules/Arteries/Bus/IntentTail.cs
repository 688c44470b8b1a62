using System.Text;
using Allotrope.Artery;
using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Arteries;

/// <summary>
/// Publishes the intents of a zone on the bus while somebody may be listening. What it cannot keep up with it leaves out; the zone never waits.
/// </summary>
sealed class IntentTail : IIntentTap, IAsyncDisposable
{
    readonly ILattice _lattice;
    readonly string _zone;
    readonly SeenIntents _seen = new();
    readonly Task _publishing;

    public IntentTail(ILattice lattice, string zone)
    {
        (_lattice, _zone) = (lattice, zone);
        _publishing = PublishAsync();
    }

    public bool IsWanted => _lattice.MayBeHeard(Subjects.IntentTail(_zone));

    public void See(in Intent intent) => _seen.Add(intent);

    public async ValueTask DisposeAsync()
    {
        _seen.Complete();
        await _publishing;
    }

    async Task PublishAsync()
    {
        while (await _seen.WaitAsync())
        {
            if (!_seen.TryTake(out var seen))
                continue;
            var record = new IntentRecord(
                _zone, seen.Origin.Name, seen.Name, Encoding.UTF8.GetString(PrimitiveJson.ToJson(seen.Data)), ArteryTime.ToTime(seen.Time),
                seen.Sequence);
            await _lattice.PublishAsync(new Message(Subjects.IntentTail(_zone), Payload.Of(record, ContractsJson.Default.IntentRecord)));
        }
    }
}
