using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Recording;

/// <summary>What was recorded runs again without its host, to the same last byte.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void A_call_is_replayed_with_the_answers_its_host_gave()
    {
        var answers = new Queue<int>([30, 12]);
        var linker = new Linker().Define("env", "next", (int _) => answers.Dequeue());
        var outcome = Again(Record(linker, new ModuleText().Import("env", "next", "i32->i32").Memory(1)
            .Function("run", "i32->i32", "i32.const 8 local.get 0 call 0 local.tee 0 i32.store local.get 0 i32.const 7 call 0 i32.add"),
            instance => Assert.Equal(42, instance.GetFunction<Func<int, int>>("run")(5))));
        Assert.Equal([42], outcome.Results);
        Assert.Equal("run", outcome.Function);
        Assert.Equal(2, outcome.HostCalls);
        Assert.Equal(30, outcome.Instance.Memories[0].Read<int>(8));
    }

    [Fact]
    public void What_the_host_wrote_into_the_guest_is_written_again()
    {
        var linker = new Linker().Define("env", "fill", (Instance caller) =>
        {
            "twelve bytes"u8.CopyTo(caller.GetMemory("memory").Span[100..]);
            Assert.True(caller.GetMemory("memory").TryGrow(1));
            caller.GetMemory("memory").Write(70_000, 5L);
            caller.GetMemory("memory").Slice(200, 4).Fill(7);
            caller.GetGlobal("count").Value = 9;
            caller.GetTable("table")[1] = caller.GetFunction("run");
            caller.GetTable("table").TryGrow(1, caller.GetFunction("run"));
        });
        var outcome = Again(Record(linker, new ModuleText().Import("env", "fill", "->").Memory(1, 4, export: "memory").Table(2, 4, export: "table")
            .Global(ValueKind.I32, "i32.const 0", mutable: true, export: "count")
            .Function("run", "->i32", "call 0 i32.const 100 i32.load8_u i32.const 70000 i32.load i32.add global.get 0 i32.add table.size 0 i32.add"),
            instance => Assert.Equal('t' + 5 + 9 + 3, instance.GetFunction<Func<int>>("run")())));
        Assert.Equal(['t' + 5 + 9 + 3], outcome.Results);
        Assert.Equal(2u, outcome.Instance.Memories[0].PageCount);
        Assert.Same(outcome.Instance.GetFunction("run"), outcome.Instance.GetTable("table")[2]);
    }

    [Fact]
    public void What_the_host_did_before_the_call_and_between_two_belongs_to_the_record()
    {
        var outcome = Again(Record(new Linker(), new ModuleText().Memory(1, export: "memory").Function("run", "i32->i32", "local.get 0 i32.load"), instance =>
        {
            instance.GetMemory("memory").Write(4, 40);
            Assert.Equal(40, instance.GetFunction<Func<int, int>>("run")(4));
            instance.GetMemory("memory").Write(4, 41);
            Assert.Equal(41, instance.GetFunction<Func<int, int>>("run")(4));
        }));
        Assert.Equal([41], outcome.Results);
    }

    [Fact]
    public void A_host_may_call_the_guest_back()
    {
        var linker = new Linker().Define("env", "back", (Instance caller, int value) =>
        {
            var span = caller.GetMemory("memory").Slice(0, 16);
            span[0] = 1; // before the guest is called back
            var doubled = caller.GetFunction<Func<int, int>>("double")(value);
            span[8] = 2; // and after it, through the span from before
            return doubled + 1;
        });
        var outcome = Again(Record(linker, new ModuleText().Import("env", "back", "i32->i32").Memory(1, export: "memory")
            .Function("double", "i32->i32", "i32.const 0 i32.const 0 i32.load8_u i32.const 10 i32.add i32.store8 local.get 0 i32.const 2 i32.mul")
            .Function("run", "->i32", "i32.const 20 call 0 i32.const 0 i32.load8_u i32.add i32.const 8 i32.load8_u i32.add"),
            instance => Assert.Equal(54, instance.GetFunction<Func<int>>("run")())));
        Assert.Equal([54], outcome.Results);
        Assert.Equal(1, outcome.HostCalls);
    }

    [Fact]
    public void A_trap_is_replayed_with_the_same_stack()
    {
        var linker = new Linker().Define("env", "next", () => 0);
        var record = Record(linker, new ModuleText().Import("env", "next", "->i32").Function("outer", "->i32", "call 2").Function("inner", "->i32", "i32.const 1 call 0 i32.div_s"),
            instance => Assert.Throws<Trap>(() => instance.GetFunction<Func<int>>("outer")()));
        var trap = Assert.IsType<Trap>(Again(record).Thrown);
        Assert.Equal(TrapKind.IntegerDivideByZero, trap.Kind);
        Assert.Equal(["inner", "outer"], trap.WasmStack.Select(frame => frame.Name!));
    }

    [Fact]
    public void A_trap_that_came_through_its_host_is_replayed_with_the_same_stack()
    {
        var linker = new Linker().Define("env", "back", (Instance caller) => caller.GetFunction<Action>("fail")())
            .Define("env", "own", () => { throw new Trap(TrapKind.Unreachable); })
            .Define("env", "swallow", (Instance caller) => { Assert.Throws<Trap>(caller.GetFunction<Action>("fail")); });
        var text = new ModuleText().Import("env", "back", "->").Import("env", "own", "->").Import("env", "swallow", "->")
            .Function("fail", "->", "unreachable").Function("through", "->", "call 0").Function("own", "->", "call 2 call 1");
        Assert.Equal(["fail", "through"], StackOf("through"));
        Assert.Equal(["own"], StackOf("own"));

        IEnumerable<string> StackOf(string function)
        {
            var thrown = Again(Record(linker, text, instance => Assert.Throws<Trap>(instance.GetFunction<Action>(function)))).Thrown;
            return Assert.IsType<Trap>(thrown).WasmStack.Select(frame => frame.Name!);
        }
    }

    [Fact]
    public void What_the_host_throws_is_thrown_again()
    {
        var tag = new Tag(ValueKind.I32);
        var linker = new Linker().Define("env", "tag", tag).Define("env", "throw", (int value) => { throw new GuestException(tag, value); })
            .Define("env", "fail", () => { throw new TimeoutException("too late"); });
        var text = new ModuleText().ImportTag("env", "tag", "i32->").Import("env", "throw", "i32->").Import("env", "fail", "->")
            .Function("catch", "i32->i32", "block i32 try_table catch:0:0 local.get 0 call 0 end i32.const 0 end")
            .Function("uncaught", "->", "i32.const 3 call 0").Function("fails", "->", "call 1");
        Assert.Equal([41], Again(Record(linker, text, instance => Assert.Equal(41, instance.GetFunction<Func<int, int>>("catch")(41)))).Results);
        var uncaught = Again(Record(linker, text, instance => Assert.Throws<GuestException>(instance.GetFunction<Action>("uncaught")))).Thrown;
        Assert.Equal([3], Assert.IsType<GuestException>(uncaught).Values);
        var failed = Again(Record(linker, text, instance => Assert.Throws<TimeoutException>(instance.GetFunction<Action>("fails")))).Thrown;
        Assert.Equal(("TimeoutException", "too late"), Assert.IsType<HostException>(failed) is var said ? (said.TypeName, said.Message) : default);
    }

    [Fact]
    public void Objects_of_host_and_guest_keep_their_identity()
    {
        var (given, seen) = (new object(), new List<object?>());
        var linker = new Linker().Define("env", "give", () => given).Define("env", "take", (object? value) => seen.Add(value))
            .Define("env", "echo", (object value) => value, FunctionType.Of([ValueKind.AnyRef], [ValueKind.AnyRef]));
        var outcome = Again(Record(linker, new ModuleText().Types("struct:mut_i32").Import("env", "give", "->externref").Import("env", "take", "externref->")
            .Import("env", "echo", "anyref->anyref").Global(ValueKind.ExternRef, "ref.null extern", mutable: true)
            .Function("run", "->i32", """
                call 0 global.set 0 global.get 0 call 1 global.get 0 call 1
                i32.const 5 struct.new 0 local.tee 0 call 2 ref.cast eq local.get 0 ref.cast eq ref.eq
                """, locals: "anyref"),
            instance => Assert.Equal(1, instance.GetFunction<Func<int>>("run")())));
        Assert.Equal([given, given], seen);
        Assert.Equal([1], outcome.Results);
        Assert.IsType<HostStandIn>(outcome.Instance.Globals[0]!.Value.AsObject());
    }

    [Fact]
    public void Fuel_is_used_up_at_the_same_place()
    {
        var linker = new Linker().Define("env", "tick", (Instance caller) => { caller.Store.Fuel += 1; });
        var recorder = new Recorder();
        var instance = linker.Instantiate(new Store { Fuel = 1000 }, new ModuleText().Import("env", "tick", "->").Memory(1, export: "memory")
            .Function("run", "->", "loop i32.const 0 i32.const 0 i32.load i32.const 1 i32.add i32.store call 0 br 0 end").Compile(new CompileOptions { Fuel = true }), recorder);
        recorder.Begin();
        Assert.Equal(TrapKind.FuelExhausted, Assert.Throws<Trap>(instance.GetFunction<Action>("run")).Kind);
        var outcome = Again(recorder.End());
        Assert.Equal(TrapKind.FuelExhausted, Assert.IsType<Trap>(outcome.Thrown).Kind);
        Assert.Equal(instance.GetMemory("memory").Read<int>(0), outcome.Instance.Memories[0].Read<int>(0));
    }

    [Fact]
    public void What_the_instance_imports_is_there_again()
    {
        var store = new Store();
        var linker = new Linker().Define("env", "memory", new Memory(store, new Limits(2, 3))).Define("env", "base", new Global(1000)).Define("env", "sum", new Global(0, mutable: true));
        var recorder = new Recorder();
        var instance = linker.Instantiate(store, new ModuleText().ImportMemory("env", "memory", 1).ImportGlobal("env", "base", ValueKind.I32)
            .ImportGlobal("env", "sum", ValueKind.I32, mutable: true)
            .Function("run", "->i32", "global.get 0 global.set 1 i32.const 5 memory.grow drop i32.const 1 memory.grow").Compile(), recorder);
        recorder.Begin();
        Assert.Equal(2, instance.GetFunction<Func<int>>("run")());
        Assert.Equal([2], Again(recorder.End()).Results);
    }

    [Fact]
    public void What_is_imported_twice_by_one_name_is_there_twice()
    {
        var answers = new Queue<int>([30, 12]);
        var (tag, limits) = (new Tag(ValueKind.I32), new Limits(1, 2));
        var linker = new Linker().Define("env", "next", answers.Dequeue).Define("env", "tag", tag).Define("env", "same", tag).Define("env", "other", new Tag(ValueKind.I32))
            .Define("env", "five", new Global(5));
        var text = new ModuleText().Import("env", "next", "->i32").Import("env", "next", "->i32").ImportTag("env", "tag", "i32->").ImportTag("env", "tag", "i32->")
            .ImportTag("env", "other", "i32->").ImportTag("env", "same", "i32->").ImportGlobal("env", "five", ValueKind.I32).ImportGlobal("env", "five", ValueKind.I32)
            .Function("add", "->i32", "call 0 call 1 i32.add global.get 0 i32.add global.get 1 i32.add")
            .Function("catch", "->i32", "block i32 try_table catch:2:0 i32.const 1 drop block i32 try_table catch:3:0 i32.const 7 throw 0 end unreachable end return end i32.const 0 end");
        var outcome = Again(Record(linker, text, instance =>
        {
            Assert.Equal(52, instance.GetFunction<Func<int>>("add")());
            Assert.Equal(7, instance.GetFunction<Func<int>>("catch")());
        }));
        Assert.Equal([7], outcome.Results);
        Assert.Equal(2, outcome.HostCalls);
    }

    [Fact]
    public void An_imported_table_that_never_holds_null_is_there_again()
    {
        var store = new Store();
        var recorder = new Recorder();
        var text = new ModuleText().ImportTable("env", "table", "ref:i31", 2, 3).Function("run", "->i32", "i32.const 0 i32.const 9 ref.i31 table.set 0 i32.const 0 table.get 0 i31.get_u");
        var module = text.Compile();
        var table = new Table(store, Assert.IsType<ExternType.Table>(module.Imports[0].Type).Element, new Limits(2, 3), new I31(4));
        var instance = new Linker().Define("env", "table", table).Instantiate(store, module, recorder);
        recorder.Begin();
        Assert.Equal(9, instance.GetFunction<Func<int>>("run")());
        Assert.Equal([9], Again(recorder.End()).Results);
    }

    static CallRecord Record(Linker linker, ModuleText text, Action<Instance> calls)
    {
        var recorder = new Recorder();
        var instance = linker.Instantiate(new Store(), text.Compile(), recorder);
        recorder.Begin();
        calls(instance);
        return recorder.End();
    }

    static ReplayOutcome Again(CallRecord record)
    {
        var outcome = Replay.Run(CallRecord.Read(record.ToArray()));
        Assert.Null(outcome.Divergence);
        return outcome;
    }
}
