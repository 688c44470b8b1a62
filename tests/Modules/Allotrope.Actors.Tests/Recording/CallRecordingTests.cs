using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors.Tests;

/// <summary>An actor whose blueprint says <c>record: traps</c> leaves a record of a call that traps, and of no other.</summary>
public sealed class CallRecordingTests : IAsyncLifetime
{
    ActorNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ActorNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_trap_leaves_a_record_that_replays_to_the_last_byte()
    {
        await _node.RunAsync("probe", Probe.Signed(), recordsTraps: true);
        await _node.CallAsync("probe", "echo", "well"u8.ToArray());
        Assert.False(Directory.Exists(_node.Records));

        await _node.FaultOfAsync("probe", "unreachable");

        var file = Assert.Single(Directory.GetFiles(_node.Records));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var record = CallRecord.Read(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains(new("actor", "probe"), record.Notes);
        Assert.Contains(new("operation", "unreachable"), record.Notes);
        var outcome = Replay.Run(record);
        Assert.Null(outcome.Divergence);
        var trap = Assert.IsType<Trap>(outcome.Thrown);
        Assert.Equal((TrapKind.Unreachable, "innermost"), (trap.Kind, trap.WasmStack[0].Name));
        Assert.Contains($"allot actor replay {file}", Assert.Single(await _node.LogsAsync("probe")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trap_after_host_calls_is_replayed_with_their_answers()
    {
        await _node.RunAsync("hostile", ExampleActors.Hostile, recordsTraps: true);
        await _node.CallAsync("hostile", Http.Operation, Http.Request("/"));

        await _node.FaultOfAsync("hostile", Http.Operation, Http.Request("/trap"));

        var outcome = Replay.Run(CallRecord.Read(await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(_node.Records)), TestContext.Current.CancellationToken)));
        Assert.Null(outcome.Divergence);
        Assert.True(outcome.HostCalls > 0);
        Assert.Equal(TrapKind.Unreachable, Assert.IsType<Trap>(outcome.Thrown).Kind);
    }

    [Fact]
    public async Task A_call_that_was_stopped_for_its_time_is_recorded_as_far_as_it_came()
    {
        await _node.RunAsync("hostile", ExampleActors.Hostile, limits: ComponentLimits.Default with { CallTime = TimeSpan.FromMilliseconds(200) }, recordsTraps: true);

        Assert.IsType<Fault.TimedOut>(await _node.FaultOfAsync("hostile", Http.Operation, Http.Request("/loop")));

        var record = CallRecord.Read(await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(_node.Records)), TestContext.Current.CancellationToken));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.Equal(TrapKind.Interrupted, Assert.IsType<Trap>(Replay.Run(record, stop: stop.Token).Thrown).Kind);
    }

    [Fact]
    public async Task Nothing_is_recorded_that_was_not_asked_for()
    {
        await _node.RunAsync("probe", Probe.Signed());
        await _node.FaultOfAsync("probe", "unreachable");
        Assert.False(Directory.Exists(_node.Records));
    }

    [Fact]
    public void The_newest_records_of_each_actor_are_kept_and_not_many_at_once()
    {
        var time = new ManualTime();
        var folder = new CallRecordFolder(_node.Records, time);
        var recorder = new Recorder();
        new Linker().Instantiate(new Store(), Module.Compile("\0asm\u0001\0\0\0"u8), recorder);
        recorder.Begin();
        var record = recorder.End();
        folder.Keep("other", _ => record);
        for (var i = 0; i < ActorLimits.Records + 3; i++)
        {
            Assert.True(folder.Admits("one"));
            Assert.False(folder.Admits("one"));
            folder.Keep("one", _ => record);
            time.Advance(ActorLimits.RecordPause);
        }

        var kept = Directory.GetFiles(_node.Records).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(ActorLimits.Records + 1, kept.Count);
        Assert.Equal("one.20260101T000003000.record", kept[0]);
        Assert.StartsWith("other.", kept[^1], StringComparison.Ordinal);
    }
}
