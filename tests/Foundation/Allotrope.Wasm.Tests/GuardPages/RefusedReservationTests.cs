using Allotrope.Wasm.Tests.Assembly;
using Allotrope.Wasm.Tests.Tiering;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>When the address space is full of reservations, new memories have none, and code with checks is used with them.</summary>
[Collection(nameof(RefusedReservationTests))]
[CollectionDefinition(nameof(RefusedReservationTests), DisableParallelization = true)]
public sealed class RefusedReservationTests
{
    static readonly ModuleText Module = new ModuleText().Memory(1, 2, export: "memory")
        .Function("load", "i32->i32", "local.get 0 i32.load").Function("grow", "->i32", "i32.const 1 memory.grow");

    [Fact]
    public void A_memory_without_guard_pages_is_used_with_checks_by_the_same_module()
    {
        var module = Module.Compile(Guarded.Options);
        var (guarded, other) = (new Linker().Instantiate(new Store(), module), (Instance?)null);
        Exhausting(() => other = new Linker().Instantiate(new Store(), module));
        Assert.True(guarded.GetMemory("memory").IsGuarded);
        Assert.False(other!.GetMemory("memory").IsGuarded);
        foreach (var instance in new[] { guarded, other })
        {
            var load = instance.GetFunction<Func<int, int>>("load");
            Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => load(65_533)).Kind);
            Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => load(-1)).Kind);
            Assert.Equal(1, instance.GetFunction<Func<int>>("grow")());
            Assert.Equal(0, load(65_533));
        }
    }

    [Fact]
    public void A_guarded_module_checks_an_imported_memory_that_has_no_guard_pages()
    {
        var module = new ModuleText().ImportMemory("env", "memory", 1).Function("load", "i32->i32", "local.get 0 i32.load").Compile(Guarded.Options);
        var store = new Store();
        Memory? memory = null;
        Exhausting(() => memory = new Memory(store, new Limits(1)));
        var load = new Linker().Define("env", "memory", memory!).Instantiate(store, module).GetFunction<Func<int, int>>("load");
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => load(-4)).Kind);
        Assert.Equal(0, load(0));
    }

    [Fact]
    public async Task Code_with_checks_that_a_function_changes_over_to_is_waited_for_too()
    {
        var module = Module.Compile(Guarded.Options with { Tier = Tier.Tiered, Warming = Changing.Soon.Warming });
        Instance? instance = null;
        Exhausting(() => instance = new Linker().Instantiate(new Store(), module));
        var load = instance!.GetFunction<Func<int, int>>("load");
        for (var i = 0; i < 1_000; i++) load(i);
        await module.WhenSettledAsync();
        Assert.Equal(1, instance.Steps!.Hot!.Compiled);
        Assert.Equal(TrapKind.MemoryOutOfBounds, Assert.Throws<Trap>(() => load(-1)).Kind);
    }

    /// <summary>
    /// Takes all addresses that reservations could have, and gives them back. What the system leaves between them is different in every process and may be
    /// too little for any memory, so one without guard pages has a place of its own.
    /// </summary>
    static void Exhausting(Action action)
    {
        var taken = new List<Reservation>();
        using var room = new AddressRoom();
        try
        {
            while (Reservation.TryMakeGuarded() is { } reservation) taken.Add(reservation);
            room.Open();
            action();
        }
        finally
        {
            taken.ForEach(reservation => reservation.Dispose());
        }
    }
}
