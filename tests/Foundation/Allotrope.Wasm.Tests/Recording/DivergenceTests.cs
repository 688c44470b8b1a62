using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Recording;

/// <summary>A replay that goes another way says where. The same guest is told apart here by what a host function read from outside the record.</summary>
public sealed class DivergenceTests
{
    [Theory]
    [InlineData("i32.const 3 call 0 drop", "i32.const 4 call 0 drop", "host call 1, env.one: argument 0 is i32 4, and in the record i32 3")]
    [InlineData("i32.const 3 call 0 drop", "call 1", "host call 1 is of env.other, and in the record of env.one")]
    [InlineData("i32.const 3 call 0 drop", "nop", "run returned after 0 host calls, and in the record it calls env.one next")]
    [InlineData("nop", "call 1", "the guest calls env.other after 0 host calls, and in the record it calls none any more")]
    [InlineData("nop", "unreachable", "run trapped: unreachable executed, and in the record it returned")]
    [InlineData("unreachable", "i32.const 70000 i32.load drop", "run trapped: out of bounds memory access, and in the record it trapped: unreachable executed")]
    [InlineData("nop", "i32.const 0 i32.const 5 i32.store", "everything that crossed was the same, but the guest's memory, variables or tables are others at the end")]
    public void A_guest_that_does_another_thing_is_told(string recorded, string now, string sentence)
    {
        var linker = new Linker().Define("env", "one", (int value) => value).Define("env", "other", () => { });
        var recorder = new Recorder();
        var instance = linker.Instantiate(new Store(), Guest(recorded), recorder);
        recorder.Begin();
        try
        {
            instance.GetFunction<Action>("run")();
        }
        catch (Trap)
        {
            // which is recorded
        }

        Assert.Equal(sentence, Replay.Run(Exchange(recorder.End(), Guest(now))).Divergence);
    }

    [Fact]
    public void Another_result_is_told()
    {
        var recorder = new Recorder();
        var instance = new Linker().Instantiate(new Store(), new ModuleText().Function("run", "->i32", "i32.const 1").Compile(), recorder);
        recorder.Begin();
        instance.GetFunction<Func<int>>("run")();
        Assert.Equal("run returned i32 2 as result 0, and in the record i32 1",
            Replay.Run(Exchange(recorder.End(), new ModuleText().Function("run", "->i32", "i32.const 2").Compile())).Divergence);
    }

    [Fact]
    public void Another_path_to_the_same_trap_is_told()
    {
        var recorder = new Recorder();
        var instance = new Linker().Instantiate(new Store(), Trapping(1), recorder);
        recorder.Begin();
        Assert.Throws<Trap>(instance.GetFunction<Action>("run"));
        Assert.Equal("run trapped in function 2 ← function 0, and in the record in function 1 ← function 0", Replay.Run(Exchange(recorder.End(), Trapping(2))).Divergence);

        static Module Trapping(int function) =>
            new ModuleText().Function("run", "->", $"call {function}").Function(null, "->", "unreachable").Function(null, "->", "unreachable").Compile();
    }

    [Fact]
    public void A_call_that_was_stopped_from_outside_is_replayed_as_far_as_it_came()
    {
        var recorder = new Recorder();
        var linker = new Linker().Define("env", "one", (int value) => value).Define("env", "other", (Instance caller) => caller.Store.Interrupt());
        var instance = linker.Instantiate(new Store(), Guest("loop i32.const 3 call 0 drop call 1 br 0 end"), recorder);
        recorder.Begin();
        Assert.Equal(TrapKind.Interrupted, Assert.Throws<Trap>(instance.GetFunction<Action>("run")).Kind);
        var outcome = Replay.Run(recorder.End());
        Assert.Null(outcome.Divergence);
        Assert.Equal((TrapKind.Interrupted, 2), (Assert.IsType<Trap>(outcome.Thrown).Kind, outcome.HostCalls));
    }

    [Fact]
    public void A_replay_that_never_ends_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        var recorder = new Recorder();
        var instance = new Linker().Define("env", "one", (int value) => value).Define("env", "other", () => { }).Instantiate(new Store(), Guest("nop"), recorder);
        recorder.Begin();
        instance.GetFunction<Action>("run")();
        stop.Cancel();
        Assert.Equal("run trapped: interrupted by the host, and in the record it returned", Replay.Run(recorder.End(), stop: stop.Token).Divergence);
    }

    [Fact]
    public void A_record_that_says_what_cannot_be_imported_is_refused()
    {
        var store = new Store();
        var recorder = new Recorder();
        new Linker().Define("env", "memory", new Memory(store, new Limits(1, 3))).Define("env", "table", new Table(store, ValueKind.FuncRef, new Limits(1, 3)))
            .Instantiate(store, Importing(1, null, 1), recorder);
        recorder.Begin();
        var record = recorder.End();
        Assert.Null(Replay.Run(record).Divergence);
        Assert.Contains("3", Assert.Throws<DamagedStateException>(() => Replay.Run(Exchange(record, Importing(5, null, 1)))).Message);
        Assert.Contains("3", Assert.Throws<DamagedStateException>(() => Replay.Run(Exchange(record, Importing(1, 2, 1)))).Message);
        Assert.Contains("3", Assert.Throws<DamagedStateException>(() => Replay.Run(Exchange(record, Importing(1, null, 7)))).Message);

        static Module Importing(uint pages, uint? most, uint elements) =>
            new ModuleText().ImportMemory("env", "memory", pages, most).ImportTable("env", "table", "funcref", elements).Compile();
    }

    static Module Guest(string code) => new ModuleText().Import("env", "one", "i32->i32").Import("env", "other", "->").Memory(1).Function("run", "->", code).Compile();

    /// <summary>The record with another module in it.</summary>
    static CallRecord Exchange(CallRecord record, Module module) => record.Of(module);
}
