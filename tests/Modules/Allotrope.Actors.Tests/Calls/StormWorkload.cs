using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

/// <summary>A workload without a guest, whose revisions notice when they are used before or after their time.</summary>
sealed class StormWorkload
{
    readonly int _number;
    int _misuses, _revisions;

    public StormWorkload(int number, GuestThreads threads) =>
        (_number, Admission) = (number, new Admission<Revision>(new Revision(this, 1 + (20 * number)), threads));

    public Admission<Revision> Admission { get; }

    /// <summary>How often a revision was used after it had been drained.</summary>
    public int Misuses => Volatile.Read(ref _misuses);

    public void Exchange(int instances) => Admission.Exchange(new Revision(this, instances));

    /// <summary>A call at random.</summary>
    public StormCall Call(Random random, GuestMonitor monitor)
    {
        var time = TimeSpan.FromMilliseconds(random.Next(5) == 0 ? random.Next(30) : 120_000);
        var stop = random.Next(6) == 0 ? new CancellationTokenSource() : null;
        var call = new StormCall(this, random, monitor, monitor.After(time), stop?.Token ?? default);
        if (stop is not null && random.Next(2) == 0)
            stop.Cancel();
        try
        {
            Admission.Admit(call);
        }
        catch (FaultException)
        {
            call.Refuse();
        }
        stop?.CancelAfter(random.Next(20));
        return call;
    }

    public sealed class Revision(StormWorkload workload, int instances) : IRevision
    {
        readonly CallsUnderWay _calls = new();
        volatile bool _isDrained;

        public int Instances => instances;

        public Conduct Conduct { get; } = new();

        public Assignment Assignment { get; } = new(
            "n1", $"storm-{workload._number}", "storm", $"{workload._number}", Interlocked.Increment(ref workload._revisions), ComponentKind.Component, "storm.wasm",
            Contract: null, LinkName: "default", instances, ComponentLimits.Default, new Dictionary<string, string>(), [], LinkedFrom: []);

        public LogRing Log => throw new NotSupportedException();

        public TimeSpan CallTime => TimeSpan.FromMinutes(1);

        public bool TryEnter() => _calls.TryEnter();

        public void Exit()
        {
            if (_isDrained)
                Interlocked.Increment(ref workload._misuses);
            _calls.Exit();
        }

        public async ValueTask DisposeAsync()
        {
            await _calls.DrainAsync();
            _isDrained = true;
        }
    }
}
