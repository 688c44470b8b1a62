using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Bounds;

public sealed class ResourceTests
{
    static readonly StoreLimits Small = new() { MemoryPages = 4, TableElements = 10 };

    [Fact]
    public void Memory_grows_up_to_the_stores_limit_and_no_further()
    {
        var instance = Start(new ModuleText().Memory(1, export: "memory").Function("grow", "i32->i32", "local.get 0 memory.grow"));
        var grow = instance.GetFunction<Func<int, int>>("grow");
        Assert.Equal(-1, grow(4));
        Assert.Equal(1, grow(3));
        Assert.Equal(-1, grow(1));
        Assert.Equal(-1, grow(-1));
        Assert.Equal(4u, instance.GetMemory("memory").PageCount);
    }

    [Fact]
    public void A_table_grows_up_to_the_stores_limit_and_no_further()
    {
        var instance = Start(new ModuleText().Table(1, export: "table").Function("grow", "i32->i32", "ref.null funcref local.get 0 table.grow 0"));
        var grow = instance.GetFunction<Func<int, int>>("grow");
        Assert.Equal(-1, grow(10));
        Assert.Equal(1, grow(9));
        Assert.Equal(-1, grow(1));
        Assert.Equal(10, instance.GetTable("table").Count);
    }

    [Fact]
    public void A_module_that_begins_above_the_limit_is_not_instantiated()
    {
        Assert.Throws<LinkException>(() => Start(new ModuleText().Memory(5)));
        Assert.Throws<LinkException>(() => Start(new ModuleText().Table(11)));
    }

    [Fact]
    public void The_instances_of_a_store_share_its_limits()
    {
        var store = new Store(Small);
        var module = new ModuleText().Memory(3).Compile();
        new Linker().Instantiate(store, module);
        Assert.Throws<LinkException>(() => new Linker().Instantiate(store, module));
    }

    [Fact]
    public void A_module_above_the_size_allowed_is_refused_before_it_is_read()
    {
        var binary = new ModuleText().Custom("big", new byte[1000]).Build();
        Assert.Throws<InvalidModuleException>(() => Module.Compile(binary, new CompileOptions { MaxModuleBytes = 1000 }));
        Module.Compile(binary, new CompileOptions { MaxModuleBytes = binary.Length });
    }

    static Instance Start(ModuleText module) => new Linker().Instantiate(new Store(Small), module.Compile());
}
