using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

public sealed class SeveralMemoriesTests
{
    [Fact]
    public void Each_memory_has_its_own_bytes_and_size()
    {
        var instance = Guest.Start(Two().Function("run", "->i32", """
            i32.const 0 i32.const 7 i32.store i32.const 0 i32.const 9 i32.store memory=1
            i32.const 0 i32.load i32.const 10 i32.mul i32.const 0 i32.load memory=1 i32.add
            memory.size memory=1 i32.const 100 i32.mul i32.add
            """));
        Assert.Equal(379, instance.GetFunction<Func<int>>("run")());
        Assert.Equal(7, instance.GetMemory("one").Read<int>(0));
        Assert.Equal(9, instance.GetMemory("two").Read<int>(0));
    }

    [Fact]
    public void What_was_checked_in_one_memory_is_not_known_of_another()
    {
        var run = Guest.Start(Two().Function("run", "i32->i32", "local.get 0 i32.load memory=1 local.get 0 i32.load i32.add"))
            .GetFunction<Func<int, int>>("run");
        Assert.Equal(0, run(0));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Guest.TrapOf(() => run(65536)));
    }

    [Fact]
    public void Bytes_are_copied_from_one_memory_to_another()
    {
        var instance = Guest.Start(Two().Bytes(4, 1, 2, 3, 4)
            .Function("run", "->i32", "i32.const 8 i32.const 4 i32.const 4 memory.copy memory=1 memory=0 i32.const 8 i32.load memory=1"));
        Assert.Equal(0x04030201, instance.GetFunction<Func<int>>("run")());
    }

    [Theory]
    [InlineData("i32.const 0 i32.load memory=2 drop")]
    [InlineData("memory.size memory=2 drop")]
    [InlineData("i32.const 0 i32.const 0 i32.const 0 memory.copy memory=0 memory=2")]
    public void A_memory_that_is_not_there_is_refused(string code) =>
        Assert.Contains("unknown memory 2", Assert.Throws<InvalidModuleException>(() => Two().Function("run", "->", code).Compile()).Message);

    [Fact]
    public void More_memories_than_the_engine_takes_are_refused()
    {
        var module = new ModuleText();
        for (var i = 0; i < 65; i++) module.Memory(0);
        Assert.Contains("more than 64 memories", Assert.Throws<InvalidModuleException>(() => module.Compile()).Message);
    }

    [Fact]
    public void All_memories_together_stay_within_the_stores_limit()
    {
        var store = new Store(new StoreLimits { MemoryPages = 3 });
        Assert.Throws<LinkException>(() => new Linker().Instantiate(store, Two().Memory(1).Compile()));
    }

    static ModuleText Two() => new ModuleText().Memory(1, export: "one").Memory(3, export: "two");
}
