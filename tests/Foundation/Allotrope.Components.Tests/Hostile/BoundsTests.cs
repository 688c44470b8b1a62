using Allotrope.Wasm;
using Allotrope.Wasm.Tests.Assembly;
using static Allotrope.Components.Tests.Assembly.ComponentBytes;

namespace Allotrope.Components.Tests.Hostile;

/// <summary>A few bytes that ask for more than any machine has are refused, or trap, before they get it.</summary>
public sealed class BoundsTests
{
    /// <summary>Gives a list of as many lists as it is asked for, all of the same mebibyte.</summary>
    const string Lists = "0061736d0100000001060160017f017f030201000503010010070902016d0200016600000a42014001017f410041083602004104200036020003404108200141086c6a4100360200410c200141086c6a418080c000360200200141016a22012000490d000b41000b";

    /// <summary>A destructor that throws.</summary>
    const string Thrower = "0061736d0100000001080260000060017f00030201010d03010000070501016400000a0601040008000b";

    const string Maker = "0061736d01000000010a0260017f017f6000017f02080100036e657700000303020100070a020166000102696400020a0d020600410510000b040020000b";

    /// <summary>Makes a resource, drops it and catches everything.</summary>
    const string Catcher = "0061736d0100000001090260017f006000017f021102000464726f70000000046d616b65000103020101070501016600020a1701150002401f40010200100110000b41010f0b41e3000b";

    [Fact]
    public void Instances_that_double_at_each_level_are_not_made()
    {
        var binary = Component();
        for (var level = 0; level < 40; level++)
            binary = Component(Section(4, binary), Section(5, List(Bytes(0, 0, 0), Bytes(0, 0, 0))));
        var component = Components.Component.Compile(binary);
        Assert.Throws<LinkException>(() => ComponentInstance.Create(new Store(), component));
    }

    [Fact]
    public void Lists_that_share_memory_are_bounded_by_what_they_take_here()
    {
        var binary = Component(
            Module(Lists), Section(2, List(Instance(0))), Section(6, List(CoreAlias(0, 0, "f"), CoreAlias(2, 0, "m"))),
            Section(7, List(Bytes(0x70, 0x7D), Bytes(0x70, 0), Join(Bytes(0x40), List(Join(Name("n"), Bytes(0x79))), Bytes(0, 1)))),
            Section(8, List(Bytes(0, 0, 0, 1, 3, 0, 2))), Section(11, List(Join(ExternName("f"), Bytes(1, 0, 0)))));
        var instance = ComponentInstance.Create(new Store(new StoreLimits { MemoryPages = 16 }), Components.Component.Compile(binary));
        Assert.Equal(3, ((object?[])instance.Invoke("f", 3u)!).Length);
        Assert.Throws<ComponentTrap>(() => instance.Invoke("f", 100_000u));
    }

    /// <summary>The same with items that take much more here than a number: each way of reading has to count what an item is made of.</summary>
    [Fact]
    public void Lists_of_large_items_are_bounded_by_what_the_items_take_here()
    {
        using var wide = SameItem(60_000, Join(Bytes(0x67, 0x7D), Leb.Unsigned(60_000)));
        var generated = wide.GetFunction<Func<uint, byte[][][]>>("f");
        Assert.Equal(2, generated(2).Length);
        Assert.Throws<ComponentTrap>(() => generated(5_000));

        using var many = SameItem(200, Join(Bytes(0x6F), List([.. Enumerable.Repeat(Bytes(0x7D), 200)])));
        Assert.Equal(2, ((object?[])many.Invoke("f", 2u)!).Length);
        Assert.Throws<ComponentTrap>(() => many.Invoke("f", 30_000u));
    }

    /// <summary>Gives a list of as many lists as it is asked for, all of the same one item.</summary>
    static ComponentInstance SameItem(int bytes, byte[] item)
    {
        var module = new ModuleText().Memory(16, export: "m").Function("f", "i32->i32", $"""
            i32.const 0 i32.const 8 i32.store i32.const 4 local.get 0 i32.store
            loop
              local.get 1 i32.const 3 i32.shl i32.const 8 i32.add i32.const {(16 << 16) - bytes} i32.store
              local.get 1 i32.const 3 i32.shl i32.const 12 i32.add i32.const 1 i32.store
              local.get 1 i32.const 1 i32.add local.tee 1 local.get 0 i32.lt_u br_if 0
            end
            i32.const 0
            """, "i32").Build();
        var binary = Component(
            Section(1, module), Section(2, List(Instance(0))), Section(6, List(CoreAlias(0, 0, "f"), CoreAlias(2, 0, "m"))),
            Section(7, List(item, Bytes(0x70, 0), Bytes(0x70, 1), Join(Bytes(0x40), List(Join(Name("n"), Bytes(0x79))), Bytes(0, 2)))),
            Section(8, List(Bytes(0, 0, 0, 1, 3, 0, 3))), Section(11, List(Join(ExternName("f"), Bytes(1, 0, 0)))));
        return new ComponentLinker<int>().Instantiate(new Store(new StoreLimits { MemoryPages = 16 }), Components.Component.Compile(binary), 0);
    }

    [Fact]
    public void A_type_is_not_written_out_to_refuse_it()
    {
        var label = new string('a', 900);
        var binary = Component(Section(7, List(
            Join(Bytes(0x72), List(Join(Name(label), Bytes(0x7D)))),
            Join(Bytes(0x6F), List([.. Enumerable.Repeat(Bytes(0), 10_000)])),
            Join(Bytes(0x63), Bytes(1), Bytes(0x7D)))));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidComponentException>(() => Components.Component.Compile(binary));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Types_that_take_too_long_to_compare_are_refused_where_they_stand()
    {
        var record = Join(Bytes(1, 0x72), List([.. Enumerable.Range(0, 5_000).Select(i => Join(Name($"f{i}"), Bytes(0x7D)))]));
        var binary = Component(
            Section(7, List(Join(Bytes(0x42), List(Join(Bytes(4), ExternName("r"), Bytes(3, 1)), record, Join(Bytes(4), ExternName("rec"), Bytes(3, 0, 1)))))),
            Section(10, List([.. Enumerable.Range(0, 2_000).Select(i => Join(ExternName($"i{i}"), Bytes(5, 0)))])));
        var refusal = Assert.Throws<InvalidComponentException>(() => Components.Component.Compile(binary));
        Assert.InRange(refusal.ByteOffset, 5_000, binary.Length);
    }

    [Fact]
    public void Names_that_differ_in_case_alone_conflict()
    {
        var binary = Component(Section(7, List(Join(Bytes(0x42), List(
            Join(Bytes(4), ExternName("foo-bar"), Bytes(3, 1)),
            Bytes(1, 0x40, 0, 1, 0),
            Join(Bytes(4), ExternName("[static]foo-BAR.FOO-bar"), Bytes(1, 1)))))));
        Assert.Throws<InvalidComponentException>(() => Components.Component.Compile(binary));
    }

    [Fact]
    public void What_a_destructor_throws_does_not_reach_who_drops()
    {
        var definer = Component(
            Module(Thrower), Section(2, List(Instance(0))), Section(6, List(CoreAlias(0, 0, "d"))), Section(7, List(Bytes(0x3F, 0x7F, 1, 0))),
            Section(8, List(Bytes(2, 0))), Section(11, List(Join(ExternName("r"), Bytes(3, 0, 0)))), Section(7, List(Bytes(0x69, 1), Bytes(0x40, 0, 0, 2))),
            Module(Maker), Section(2, List(Join(Bytes(1), List(Join(Name("new"), Bytes(0, 1)))), Instance(1, Argument("", 1)))),
            Section(6, List(CoreAlias(0, 2, "f"))), Section(8, List(Bytes(0, 0, 2, 0, 3))), Section(11, List(Join(ExternName("make"), Bytes(1, 0, 0)))));
        var binary = Component(
            Section(4, definer), Section(5, List(Bytes(0, 0, 0))),
            Section(6, List(Join(Bytes(3, 0, 0), Name("r")), Join(Bytes(1, 0, 0), Name("make")))),
            Section(8, List(Bytes(3, 0), Bytes(1, 0, 0, 0))), Module(Catcher),
            Section(2, List(Join(Bytes(1), List(Join(Name("drop"), Bytes(0, 0)), Join(Name("make"), Bytes(0, 1)))), Instance(0, Argument("", 0)))),
            Section(6, List(CoreAlias(0, 1, "f"))), Section(7, List(Bytes(0x40, 0, 0, 0x79))), Section(8, List(Bytes(0, 0, 2, 0, 1))),
            Section(11, List(Join(ExternName("f"), Bytes(1, 1, 0)))));
        var instance = ComponentInstance.Create(new Store(), Components.Component.Compile(binary));
        Assert.Throws<ComponentTrap>(() => instance.Invoke("f"));
    }
}
