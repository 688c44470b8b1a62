using System.Globalization;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm.Tests.Caching;

/// <summary>A node that exchanges its actors for months: modules that were loaded from the cache and dropped leave nothing behind.</summary>
[Collection(nameof(CachedChurnTests))]
[CollectionDefinition(nameof(CachedChurnTests), DisableParallelization = true)] // it looks at the whole process
public sealed class CachedChurnTests(ITestOutputHelper output) : IDisposable
{
    const int WarmUps = 200;
    const int Different = 10;

    readonly CacheWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Hundreds_of_modules_loaded_and_dropped_leave_memory_flat() => Churn(modules: 600, mostGrowthKiB: 16 << 10);

    /// <summary>With <c>./test --all</c>. A module that stayed would keep some 50 KiB: half a GiB of all these.</summary>
    [Fact(Explicit = true)]
    public void Ten_thousand_modules_loaded_and_dropped_leave_memory_flat() => Churn(modules: 10_000, mostGrowthKiB: 16 << 10);

    void Churn(int modules, long mostGrowthKiB)
    {
        LoadAndDrop(WarmUps);
        var before = SettledKiB();
        LoadAndDrop(modules);
        var after = SettledKiB();
        output.WriteLine($"{modules} modules: {before} KiB resident before, {after} after");
        Assert.InRange(after - before, long.MinValue, mostGrowthKiB);
    }

    void LoadAndDrop(int modules)
    {
        for (var i = 0; i < modules; i++)
        {
            RunOne(i % Different);
            if (i % 50 == 49) GC.Collect();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void RunOne(int number)
    {
        var module = Module.Compile(CacheWorld.Sample(number), new CompileOptions { Cache = _world.Open() });
        Assert.Equal(number, CacheWorld.Run(module));
    }

    static long SettledKiB()
    {
        for (var round = 0; round < 5; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
