using Allotrope.Wasm;
using Allotrope.Wasm.Tests.Assembly;
using static Allotrope.Components.Tests.Assembly.ComponentBytes;

namespace Allotrope.Components.Tests.Hosting;

/// <summary>Objects of the host are resources of guests, and resources of guests are values of the host.</summary>
public sealed class ResourceTests
{
    sealed class Thing(int value) : IDisposable
    {
        public int Value => value;

        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }

    sealed class World
    {
        public List<Thing> Made { get; } = [];

        public List<Thing> Taken { get; } = [];
    }

    static readonly Lazy<Component> User = new(() => Component.Compile(UserOfThings()));

    static ComponentInstance Instantiate(Store store, World world)
    {
        var linker = new ComponentLinker<World>();
        linker.Instance("test:host/things@0.2.0").Resource<Thing>("thing")
            .Function("[constructor]thing", (World w) =>
            {
                w.Made.Add(new Thing(w.Made.Count + 10));
                return w.Made[^1];
            })
            .Function("[method]thing.value", (Thing self) => (uint)self.Value)
            .Function("take", (World w, Thing thing) => w.Taken.Add(thing));
        return linker.Instantiate(store, User.Value, world);
    }

    [Fact]
    public void A_guest_makes_uses_and_drops_an_object_of_the_host()
    {
        var world = new World();
        using var store = new Store();
        using var instance = Instantiate(store, world);
        Assert.Equal(10u, instance.GetFunction<Func<uint>>("run")());
        Assert.Equal(1, Assert.Single(world.Made).Disposals);
    }

    [Fact]
    public void What_a_guest_keeps_is_disposed_of_with_the_instance()
    {
        var world = new World();
        using var store = new Store();
        var instance = Instantiate(store, world);
        instance.GetFunction<Func<uint>>("keep")();
        Assert.Equal(0, world.Made[0].Disposals);
        instance.Dispose();
        instance.Dispose();
        Assert.Equal(1, world.Made[0].Disposals);
    }

    [Fact]
    public void What_a_guest_gives_away_is_the_hosts()
    {
        var world = new World();
        using var store = new Store();
        using (var instance = Instantiate(store, world))
        {
            var handle = instance.GetFunction<Func<uint>>("keep")();
            var give = instance.GetFunction<Action<uint>>("give");
            give(handle);
            Assert.Throws<ComponentTrap>(() => give(handle));
        }

        Assert.Same(world.Made[0], Assert.Single(world.Taken));
        Assert.Equal(0, world.Taken[0].Disposals);
    }

    [Fact]
    public void The_host_lends_and_gives_its_objects()
    {
        var world = new World();
        using var store = new Store();
        var instance = Instantiate(store, world);
        var thing = new Thing(77);
        Assert.Equal(77u, instance.GetFunction<Func<Thing, uint>>("lend")(thing));
        Assert.Equal(0, thing.Disposals);
        Assert.ThrowsAny<ArgumentException>(() => instance.GetFunction<Func<Thing, uint>>("lend")(null!));
        Assert.Equal(77u, instance.GetFunction<Func<Thing, uint>>("accept")(thing));
        instance.Dispose();
        Assert.Equal(1, thing.Disposals);
    }

    [Fact]
    public void A_guest_that_keeps_what_it_was_lent_traps()
    {
        using var store = new Store();
        using var instance = Instantiate(store, new World());
        var thing = new Thing(1);
        Assert.Throws<ComponentTrap>(() => instance.GetFunction<Func<Thing, uint>>("lose")(thing));
        Assert.Throws<ComponentTrap>(() => instance.GetFunction<Func<uint>>("run")());
        Assert.Equal(0, thing.Disposals);
    }

    [Fact]
    public void Handles_are_paid_for_by_the_store()
    {
        using var store = new Store(new StoreLimits { TableElements = 800 });
        using var instance = Instantiate(store, new World());
        var keep = instance.GetFunction<Func<uint>>("keep");
        for (var i = 0; i < 100; i++)
            keep();
        Assert.Throws<ComponentTrap>(() => keep());
    }

    [Fact]
    public void Another_type_of_objects_is_refused()
    {
        using var store = new Store();
        using var instance = Instantiate(store, new World());
        Assert.Contains("Thing here, not a World", Assert.Throws<LinkException>(() => instance.GetFunction<Func<World, uint>>("lend")).Message);
    }

    [Fact]
    public void A_guests_resource_is_the_hosts_to_lend_and_to_drop()
    {
        using var store = new Store();
        using var instance = ComponentInstance.Create(store, Component.Compile(Definer()));
        var make = instance.GetFunction<Func<uint, ResourceValue>>("make");
        var peek = instance.GetFunction<Func<ResourceValue, uint>>("peek");
        var end = instance.GetFunction<Action<ResourceValue>>("end");
        var dropped = instance.GetFunction<Func<uint>>("dropped");
        var one = make(5);
        Assert.Equal(5u, peek(one));
        Assert.Equal(5u, peek(one));
        one.Dispose();
        one.Dispose();
        Assert.Equal(1u, dropped());
        Assert.Throws<ObjectDisposedException>(() => peek(one));
        var other = make(6);
        end(other);
        Assert.Throws<ObjectDisposedException>(() => end(other));
        other.Dispose();
        Assert.Equal(1u, dropped());
        Assert.Equal(7u, peek(make(7)));
    }

    static byte[] Type(params byte[][] parts) => Join([1], Join(parts));

    static byte[] Function(byte[][] parameters, byte[] result) => Join([0x40], List(parameters), result);

    static byte[] UserOfThings()
    {
        byte[] nothing = [1, 0], u32 = [0, 0x79];
        var things = Join([0x42], List(
            Join([4], ExternName("thing"), [3, 1]), Type([0x69, 0]), Type([0x68, 0]),
            Type(Function([], [0, 1])), Join([4], ExternName("[constructor]thing"), [1, 3]),
            Type(Function([Join(Name("self"), [2])], u32)), Join([4], ExternName("[method]thing.value"), [1, 4]),
            Type(Function([Join(Name("it"), [1])], nothing)), Join([4], ExternName("take"), [1, 5])));
        var module = new ModuleText()
            .Import("host", "make", "->i32").Import("host", "value", "i32->i32").Import("host", "take", "i32->").Import("host", "drop", "i32->")
            .Function("run", "->i32", "call 0 local.tee 0 call 1 local.get 0 call 3", "i32")
            .Function("keep", "->i32", "call 0")
            .Function("give", "i32->", "local.get 0 call 2")
            .Function("lend", "i32->i32", "local.get 0 call 1 local.get 0 call 3")
            .Function("accept", "i32->i32", "local.get 0 call 1")
            .Build();
        string[] exports = ["run", "keep", "give", "lend", "accept", "lose"];
        string[] cores = ["run", "keep", "give", "lend", "accept", "accept"];
        byte[] types = [4, 4, 5, 6, 7, 6];
        return Component(
            Section(7, List(things)), Section(10, List(Join(ExternName("test:host/things@0.2.0"), [5, 0]))),
            Section(6, List(Join([3, 0, 0], Name("thing")), Join([1, 0, 0], Name("[constructor]thing")), Join([1, 0, 0], Name("[method]thing.value")), Join([1, 0, 0], Name("take")))),
            Section(7, List([0x69, 1], [0x68, 1], Function([], u32), Function([Join(Name("h"), [0x79])], nothing), Function([Join(Name("it"), [3])], u32), Function([Join(Name("it"), [2])], u32))),
            Section(8, List([1, 0, 0, 0], [1, 0, 1, 0], [1, 0, 2, 0], [3, 1])),
            Section(1, module),
            Section(2, List(
                Join([1], List(Join(Name("make"), [0, 0]), Join(Name("value"), [0, 1]), Join(Name("take"), [0, 2]), Join(Name("drop"), [0, 3]))),
                Instance(0, Argument("host", 0)))),
            Section(6, List([.. cores.Select(name => CoreAlias(0, 1, name))])),
            Section(8, List([.. types.Select((type, i) => new byte[] { 0, 0, (byte)(4 + i), 0, type })])),
            Section(11, List([.. exports.Select((name, i) => Join(ExternName(name), [1, (byte)(3 + i), 0]))])));
    }

    static byte[] Definer()
    {
        byte[] nothing = [1, 0], u32 = [0, 0x79];
        var counter = new ModuleText().Global(ValueKind.I32, "i32.const 0", mutable: true)
            .Function("end", "i32->", "global.get 0 i32.const 1 i32.add global.set 0").Function("dropped", "->i32", "global.get 0").Build();
        var maker = new ModuleText().Import("host", "new", "i32->i32").Function("make", "i32->i32", "local.get 0 call 0").Function("peek", "i32->i32", "local.get 0")
            .Function("take", "i32->", "").Build();
        return Component(
            Section(1, counter), Section(2, List(Instance(0))), Section(6, List(CoreAlias(0, 0, "end"), CoreAlias(0, 0, "dropped"))),
            Section(7, List([0x3F, 0x7F, 1, 0])), Section(8, List([2, 0])),
            Section(11, List(Join(ExternName("r"), [3, 0, 0]))),
            Section(7, List([0x69, 1], [0x68, 1], Function([Join(Name("n"), [0x79])], [0, 2]), Function([Join(Name("r"), [3])], u32), Function([], u32), Function([Join(Name("r"), [2])], nothing))),
            Section(1, maker), Section(2, List(Join([1], List(Join(Name("new"), [0, 2]))), Instance(1, Argument("host", 1)))),
            Section(6, List(CoreAlias(0, 2, "make"), CoreAlias(0, 2, "peek"), CoreAlias(0, 2, "take"))),
            Section(8, List([0, 0, 3, 0, 4], [0, 0, 4, 0, 5], [0, 0, 1, 0, 6], [0, 0, 5, 0, 7])),
            Section(11, List(
                Join(ExternName("make"), [1, 0, 0]), Join(ExternName("peek"), [1, 1, 0]), Join(ExternName("dropped"), [1, 2, 0]), Join(ExternName("end"), [1, 3, 0]))));
    }
}
