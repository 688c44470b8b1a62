using System.Threading.Channels;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>Intents on their way from a zone to who looks at them: bounded in number and bytes, and left out beyond, because the zone never waits.</summary>
sealed class SeenIntents
{
    const int Most = 8192;
    const long MostBytes = 32 * 1024 * 1024;

    readonly Channel<Held> _seen = Channel.CreateBounded<Held>(new BoundedChannelOptions(Most) { SingleReader = true });
    long _bytes;
    long _leftOut;

    /// <summary>Intents that came too fast; who looks sees gaps in the sequence numbers.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    public void Add(in Intent intent)
    {
        if (Interlocked.Read(ref _bytes) + intent.Data.Length <= MostBytes
            && _seen.Writer.TryWrite(new Held(intent.Name, intent.Origin, intent.Sequence, intent.Time, intent.Data.ToArray(), Beat: 0)))
            Interlocked.Add(ref _bytes, intent.Data.Length);
        else
            Interlocked.Increment(ref _leftOut);
    }

    public void Complete() => _seen.Writer.TryComplete();

    /// <summary>False when there will be no more.</summary>
    public ValueTask<bool> WaitAsync() => _seen.Reader.WaitToReadAsync();

    public bool TryTake(out Held seen)
    {
        if (!_seen.Reader.TryRead(out seen))
            return false;
        Interlocked.Add(ref _bytes, -seen.Data.Length);
        return true;
    }
}
