using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Recording;

/// <summary>What a record cannot hold is told when the recording ends, and never disturbs the call.</summary>
public sealed class RecorderTests
{
    static readonly StructType Point = StructType.Of(new FieldType(ValueKind.I32, IsMutable: true));

    readonly Recorder _recorder = new();

    [Fact]
    public void A_struct_that_the_host_writes_to_ends_the_recording()
    {
        var linker = new Linker().Define("env", "write", (object point) => { ((GuestStruct)point)[0] = 7; }, FunctionType.Of([ValueKind.AnyRef], []));
        var run = Start(linker, new ModuleText().Types("struct:mut_i32").Import("env", "write", "anyref->")
            .Function("run", "->i32", "i32.const 5 struct.new 0 local.tee 0 call 0 local.get 0 ref.cast 0 struct.get 0 0", locals: "anyref"));
        Assert.Equal(7, run());
        Assert.Contains("wrote to a struct or array", Problem());
    }

    [Fact]
    public void A_struct_that_the_host_made_ends_the_recording()
    {
        var linker = new Linker().Define("env", "make", () => (object)GuestStruct.Create(Point, 6), FunctionType.Of([], [ValueKind.AnyRef]));
        var instance = linker.Instantiate(new Store(), new ModuleText().Types("struct:mut_i32").Import("env", "make", "->anyref")
            .Function("run", "->i32", "call 0 ref.cast 0 struct.get 0 0").Compile(), _recorder);
        _recorder.Begin();
        Assert.Equal(6, instance.GetFunction<Func<int>>("run")());
        Assert.Contains("made itself", Problem());
    }

    [Fact]
    public void A_memory_that_another_instance_imports_is_not_recorded()
    {
        var store = new Store();
        var instance = new Linker().Instantiate(store, new ModuleText().Memory(1, export: "memory").Compile(), _recorder);
        new Linker().Define("env", "memory", instance.GetMemory("memory")).Instantiate(store, new ModuleText().ImportMemory("env", "memory", 1).Compile());
        Assert.Contains("another instance imports memory 0", Assert.Throws<RecordException>(_recorder.Begin).Message);
    }

    [Fact]
    public void What_the_host_does_with_structs_of_others_on_another_thread_is_not_this_guests()
    {
        var run = Start(new Linker(), new ModuleText().Function("run", "->i32", "i32.const 3"));
        var busy = new Thread(() =>
        {
            GuestStruct.Create(Point, 6)[0] = 7; // of another guest
            run();
        });
        busy.Start();
        busy.Join();
        Assert.Equal([3], Replay.Run(_recorder.End()).Results);
    }

    [Fact]
    public void A_host_may_look_at_a_memory_byte_by_byte()
    {
        const int Bytes = 60_000;
        var linker = new Linker().Define("env", "copy", (Instance caller) =>
        {
            for (var at = Bytes; at-- > 0;) caller.GetMemory("memory").Write((ulong)at, (byte)at);
        });
        var run = Start(linker, new ModuleText().Import("env", "copy", "->").Memory(1, export: "memory").Function("run", "->i32", "call 0 i32.const 59999 i32.load8_u"));
        Assert.Equal((Bytes - 1) & 255, run());
        var record = _recorder.End();
        Assert.Null(Replay.Run(record).Divergence);
        Assert.InRange(record.Log.Length, Bytes, 2 * Bytes); // what was written, and not once more for each look
    }

    [Fact]
    public void A_log_that_grows_too_long_ends_the_recording()
    {
        var recorder = new Recorder(mostLogBytes: 1000);
        var instance = new Linker().Define("env", "tick", () => 5).Instantiate(new Store(), new ModuleText().Import("env", "tick", "->i32")
            .Function("run", "i32->", "loop call 0 drop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end").Compile(), recorder);
        recorder.Begin();
        instance.GetFunction<Action<int>>("run")(10_000);
        Assert.Contains("longer than the 1000 bytes", Assert.Throws<RecordException>(recorder.End).Message);
    }

    [Fact]
    public void A_recorder_records_again_after_one_was_ended_or_discarded()
    {
        var instance = new Linker().Instantiate(new Store(), new ModuleText().Memory(1, export: "memory").Function("run", "i32->i32", "local.get 0").Compile(), _recorder);
        var run = instance.GetFunction<Func<int, int>>("run");
        Assert.Equal(1, run(1)); // not recorded
        _recorder.Begin();
        run(2);
        _recorder.Discard();
        Assert.False(_recorder.IsRecording);
        instance.GetMemory("memory").Write(0, 5); // not recorded
        _recorder.Begin();
        run(3);
        var outcome = Replay.Run(_recorder.End());
        Assert.Equal([3], outcome.Results);
        Assert.Null(outcome.Divergence);
        Assert.Throws<InvalidOperationException>(_recorder.End);
    }

    [Fact]
    public void A_function_of_its_own_that_the_host_calls_through_the_guest_is_not_recorded()
    {
        var text = new ModuleText().Import("env", "five", "->i32").Table(1, export: "table").Elements(0, 0).Function("run", "->i32", "call 0");
        var instance = new Linker().Define("env", "five", () => 5).Instantiate(new Store(), text.Compile(), _recorder);
        _recorder.Begin();
        Assert.Equal(5, Assert.IsType<Function>(instance.GetTable("table")[0]).AsDelegate<Func<int>>()());
        Assert.Equal(5, instance.GetFunction<Func<int>>("run")());
        var outcome = Replay.Run(_recorder.End());
        Assert.Equal((null, 1), (outcome.Divergence, outcome.HostCalls));
    }

    [Fact]
    public void Notes_are_kept_in_order()
    {
        new Linker().Instantiate(new Store(), new ModuleText().Memory(1).Compile(), _recorder);
        _recorder.Begin();
        var record = _recorder.End().With(new("actor", "a"), new("operation", "b"));
        Assert.Equal([new("actor", "a"), new("operation", "b")], CallRecord.Read(record.ToArray()).Notes);
    }

    Func<int> Start(Linker linker, ModuleText text)
    {
        var instance = linker.Instantiate(new Store(), text.Compile(), _recorder);
        _recorder.Begin();
        return instance.GetFunction<Func<int>>("run");
    }

    string Problem() => Assert.Throws<RecordException>(_recorder.End).Message;
}
