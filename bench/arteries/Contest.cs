using System.Diagnostics;
using Allotrope.Bench.Arteries.Peers;

namespace Allotrope.Bench.Arteries;

/// <summary>One peer with everybody connected, measured again and again in turn with the others.</summary>
sealed class Contest : IAsyncDisposable
{
    // More would only measure how long the queues are
    const int UnderWay = 1 << 16;
    const int Batch = 1 << 10;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly IPeer _peer;
    readonly List<IVoice> _voices = [];
    readonly IVoice[] _speakers = new IVoice[2];
    readonly SemaphoreSlim _room = new(0);
    TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _lastHeard;
    int _awaited;
    long _said;
    long _until;
    int _batched;
    bool _counts;

    Contest(IPeer peer) => _peer = peer;

    public string Name => _peer.Name;

    public static async Task<Contest> OpenAsync(IPeer peer)
    {
        var contest = new Contest(peer);
        foreach (var ((room, members), index) in Rooms.All.Select((room, index) => (room, index)))
            for (var number = 0; number < members; number++)
            {
                var voice = await peer.ConnectAsync(room, number, contest.Hear);
                contest._voices.Add(voice);
                if (number == 0)
                    contest._speakers[index] = voice;
            }

        return contest;
    }

    public async Task<Round> RunAsync(Sizes sizes)
    {
        var pair = await TimesAsync(_speakers[0], 1, sizes.Pairs);
        var crowd = await TimesAsync(_speakers[1], Rooms.Listeners, sizes.Crowds);
        var bytes = await BytesAsync(sizes.Pairs);
        // As many as take this peer about a second
        _batched = Math.Clamp(_batched, sizes.Least, sizes.Most);
        var (batched, allocated) = await BatchedAsync(_batched);
        _batched = (int)batched;
        return new Round(
            pair[pair.Length / 2], pair[pair.Length * 99 / 100], crowd[crowd.Length / 2], pair.Length / (pair.Sum() / 1e6), batched, bytes, allocated);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var voice in _voices)
            await voice.DisposeAsync();
        await _peer.DisposeAsync();
        _room.Dispose();
    }

    /// <summary>From the call that says it until the last of the listeners is told, each said when the one before was heard; in microseconds, sorted.</summary>
    async Task<double[]> TimesAsync(IVoice speaker, int listeners, int count)
    {
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _awaited, listeners);
            var start = Stopwatch.GetTimestamp();
            await speaker.SayAsync(++_said);
            await _all.Task.WaitAsync(Patience);
            times[i] = Stopwatch.GetElapsedTime(start, Volatile.Read(ref _lastHeard)).TotalMicroseconds;
        }

        Array.Sort(times);
        return times;
    }

    async Task<double> BytesAsync(int count)
    {
        var before = Bytes();
        await TimesAsync(_speakers[0], 1, count);
        return (Bytes() - before) / (double)count;
    }

    long Bytes() => _voices.Take(2).Sum(voice => voice.Bytes);

    /// <summary>As many a second as come through, with so many under way at most that nothing needs to be dropped.</summary>
    async Task<(double PerSecond, double? Allocated)> BatchedAsync(int count)
    {
        var before = await AllocatedAsync();
        var (start, end) = (Stopwatch.GetTimestamp(), _said + count);
        _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _until, end);
        Volatile.Write(ref _counts, true);
        for (var free = UnderWay / Batch; _said < end; free--)
        {
            if (free == 0)
            {
                await _room.WaitAsync(Patience);
                free++;
            }

            var batch = (int)Math.Min(Batch, end - _said);
            await _speakers[0].SayAsync(_said + 1, batch);
            _said += batch;
        }

        await _all.Task.WaitAsync(Patience);
        var elapsed = Stopwatch.GetElapsedTime(start, Volatile.Read(ref _lastHeard)).TotalSeconds;
        Volatile.Write(ref _counts, false);
        while (await _room.WaitAsync(TimeSpan.Zero))
        {
            // What the last batches gave back
        }

        return (count / elapsed, (await AllocatedAsync() - before) / (double)count);
    }

    async Task<long?> AllocatedAsync() => await _peer.AllocatedAsync() is { } server ? server + GC.GetTotalAllocatedBytes(precise: true) : null;

    void Hear(long number)
    {
        if (Volatile.Read(ref _counts))
        {
            if (number % Batch == 0)
                _room.Release();
            if (number == Volatile.Read(ref _until))
                Done();
        }
        else if (Interlocked.Decrement(ref _awaited) == 0)
            Done();
    }

    void Done()
    {
        Volatile.Write(ref _lastHeard, Stopwatch.GetTimestamp());
        _all.SetResult();
    }
}

/// <summary>How much is measured in one round.</summary>
/// <param name="Least">Batched, however slow the peer was the last time.</param>
/// <param name="Most">Batched, however fast.</param>
sealed record Sizes(int Pairs, int Crowds, int Least, int Most)
{
    public static readonly Sizes Full = new(3000, 200, 50_000, 4_000_000);
    public static readonly Sizes Quick = new(100, 10, 20_000, 20_000);
}

/// <summary>What one round of one peer came to. Times in microseconds.</summary>
/// <param name="Median">One to one.</param>
/// <param name="P99">One to one.</param>
/// <param name="Crowd">Until the last of a hundred has it, the median.</param>
/// <param name="Singly">A second, each said when the one before was heard.</param>
/// <param name="Batched">A second, as fast as it goes.</param>
/// <param name="Bytes">Of one intent on both wires, when sent singly.</param>
/// <param name="Allocated">Bytes for one intent when batched, by server and clients together.</param>
sealed record Round(double Median, double P99, double Crowd, double Singly, double Batched, double Bytes, double? Allocated);
