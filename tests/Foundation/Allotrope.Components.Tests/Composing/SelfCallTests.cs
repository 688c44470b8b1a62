using Allotrope.Wasm;
using Allotrope.Wasm.Tests.Assembly;
using static Allotrope.Components.Tests.Assembly.ComponentBytes;

namespace Allotrope.Components.Tests.Composing;

/// <summary>Calls of a component to its own functions by way of its boundary, which the specification allows: both sides are one instance and one memory.</summary>
public sealed class SelfCallTests
{
    static readonly byte[] U32 = [0x79], Text = [0x73];

    /// <summary>Remembers its parameter, calls itself with one less, and says what it remembers.</summary>
    static ComponentInstance Countdown(Store store)
    {
        var module = new ModuleText().Import("context", "get", "->i32").Import("context", "set", "i32->").Table(1, export: "own")
            .Function("f", "i32->i32", """
                local.get 0 call 1
                local.get 0 if local.get 0 i32.const 1 i32.sub i32.const 0 call_indirect i32->i32 drop end
                call 0
                """).Build();
        var binary = Component(
            Section(8, List(Bytes(0x0A, 0x7F, 0), Bytes(0x0B, 0x7F, 0))),
            Section(2, List(Join([1], List(Join(Name("get"), [0, 0]), Join(Name("set"), [0, 1]))))),
            Section(1, module), Section(2, List(Instance(0, Argument("context", 0)))),
            Section(6, List(CoreAlias(0, 1, "f"))),
            Section(7, List(Function(U32, "n", U32))),
            Section(8, List(Bytes(0, 0, 2, 0, 0), Bytes(1, 0, 0, 0))),
            OwnTable("i32->i32", 1, 3),
            Section(11, List(Join(ExternName("f"), Bytes(1, 0, 0)))));
        return ComponentInstance.Create(store, Components.Component.Compile(binary));
    }

    /// <summary>Gives itself a text, which its allocator destroys.</summary>
    static ComponentInstance Vandal(Store store)
    {
        var module = new ModuleText().Memory(1, export: "memory").Table(1, export: "own").Bytes(100, [.. "abc"u8])
            .Function("realloc", "i32,i32,i32,i32->i32", "i32.const 100 i32.const -1 i32.store i32.const 1024")
            .Function("f", "->i32", "i32.const 100 i32.const 3 i32.const 0 call_indirect i32,i32->i32")
            .Function("g", "i32,i32->i32", "local.get 0 i32.load16_u i32.const 8 i32.shl local.get 1 i32.add").Build();
        var binary = Component(
            Section(1, module), Section(2, List(Instance(0))),
            Section(6, List(CoreAlias(0, 0, "realloc"), CoreAlias(2, 0, "memory"), CoreAlias(0, 0, "f"), CoreAlias(0, 0, "g"))),
            Section(7, List(Join([0x40], List(), [0], U32), Function(Text, "s", U32))),
            Section(8, List(
                Bytes(0, 0, 1, 0, 0),
                Join([0, 0, 2], List(Bytes(1), Bytes(3, 0), Bytes(4, 0)), [1]),
                Join([1, 0, 1], List(Bytes(0), Bytes(3, 0), Bytes(4, 0))))),
            OwnTable("i32,i32->i32", 0, 3),
            Section(11, List(Join(ExternName("f"), Bytes(1, 0, 0)))));
        return ComponentInstance.Create(store, Components.Component.Compile(binary));
    }

    static byte[] Function(byte[] parameter, string name, byte[] result) => Join([0x40], List(Join(Name(name), parameter)), [0], result);

    /// <summary>Puts the lowered function into the table of the instance that calls it.</summary>
    static byte[] OwnTable(string signature, byte instance, byte function) => Join(
        Section(1, new ModuleText().Import("own", "f", signature).ImportTable("main", "own", "funcref", 1).Elements(0, 0).Build()),
        Section(2, List(
            Join([1], List(Join(Name("f"), [0, function]))),
            Instance(1, Argument("own", (uint)instance + 1), Argument("main", instance)))));

    [Fact]
    public void Each_call_keeps_what_is_its_own()
    {
        using var store = new Store();
        var count = Countdown(store).GetFunction<Func<uint, uint>>("f");
        for (var n = 0u; n < 5; n++)
            Assert.Equal(n, count(n));
    }

    [Fact]
    public void Calls_without_end_trap()
    {
        using var store = new Store();
        Assert.Equal(TrapKind.StackExhausted, Assert.Throws<Trap>(() => Countdown(store).GetFunction<Func<uint, uint>>("f")(uint.MaxValue)).Kind);
    }

    [Fact]
    public void A_text_is_read_before_room_is_asked_for_in_the_same_memory()
    {
        using var store = new Store();
        Assert.Equal(('a' << 8) | 3u, Vandal(store).GetFunction<Func<uint>>("f")());
    }
}
