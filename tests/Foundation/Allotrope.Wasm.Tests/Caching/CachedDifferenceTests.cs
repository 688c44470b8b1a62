using Allotrope.Wasm.Tests.Differential;

namespace Allotrope.Wasm.Tests.Caching;

/// <summary>Generated modules do the same when their code was written and loaded as when it was made to be run.</summary>
public sealed class CachedDifferenceTests : IDisposable
{
    const ulong FirstSeed = 4_711;

    /// <summary>As the comparison with the other engine makes them; without structs, whose modules are not kept.</summary>
    const int ModuleSize = 60;

    readonly CacheWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Generated_modules_behave_as_without_a_cache() => Compare(40);

    [Fact(Explicit = true)]
    public void Many_generated_modules_behave_as_without_a_cache() => Compare(4_000);

    void Compare(int modules)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => CompareHere(modules)), OwnRun.ThreadBytes);
        thread.Start();
        thread.Join();
        Assert.True(failure is null, failure?.ToString());
    }

    void CompareHere(int modules)
    {
        var cache = _world.Open();
        for (var i = 0; i < modules; i++)
        {
            var seed = FirstSeed + (ulong)i;
            var generated = new ModuleGenerator(seed, Features.Everything & ~Features.Heap, ModuleSize).Make();
            var options = new CompileOptions { Fuel = i % 2 == 1, MemoryChecks = i % 3 == 0 ? MemoryChecks.Explicit : MemoryChecks.Automatic };
            var expected = OwnRun.Run(generated, options);
            Assert.True(expected.SequenceEqual(OwnRun.Run(generated, options with { Cache = cache })), $"seed {seed}: written code differs");
            Assert.True(expected.SequenceEqual(OwnRun.Run(generated, options with { Cache = cache })), $"seed {seed}: loaded code differs");
        }

        Assert.Equal((modules, modules), (cache.Misses, cache.Hits));
        Assert.Empty(_world.Problems);
    }
}
