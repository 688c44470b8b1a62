using System.Runtime.InteropServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Caching;

/// <summary>Other processes on the same folder: this program runs single tests of itself.</summary>
public sealed class CacheProcessTests
{
    const string FolderVariable = "TEST_CODE_FOLDER";
    const string HitsVariable = "TEST_CODE_HITS";
    const int Modules = 12;

    [Fact]
    public async Task Another_process_loads_what_this_one_wrote()
    {
        using var world = new CacheWorld();
        world.RunLoads();
        await RunAsync(world, nameof(In_another_process_the_sample_runs), hits: 1);
        await RunAsync(world, nameof(In_another_process_the_sample_runs), hits: 0, "EnableAVX2");
        await RunAsync(world, nameof(In_another_process_the_sample_runs), hits: 1, "EnableAVX2");
        Assert.Equal(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 2 : 1, world.Files.Length);
    }

    [Fact]
    public async Task Two_processes_write_the_same_entries_at_once()
    {
        using var world = new CacheWorld();
        await Task.WhenAll(
            RunAsync(world, nameof(In_another_process_many_modules_run), hits: 0), RunAsync(world, nameof(In_another_process_many_modules_run), hits: 0));
        Assert.Equal(Modules, world.Files.Length);
        for (var number = 0; number < Modules; number++) Assert.True(world.RunLoads(binary: CacheWorld.Sample(number), expected: number));
        Assert.Empty(world.Problems);
    }

    [Fact(Explicit = true)]
    public void In_another_process_the_sample_runs()
    {
        var cache = Open();
        Assert.Equal(CacheWorld.Answer, CacheWorld.Run(Module.Compile(CacheWorld.Binary, new CompileOptions { Cache = cache })));
        Assert.Equal(int.Parse(Environment.GetEnvironmentVariable(HitsVariable)!), cache.Hits);
    }

    [Fact(Explicit = true)]
    public void In_another_process_many_modules_run()
    {
        for (var i = 0; i < 4 * Modules; i++)
            Assert.Equal(i % Modules, CacheWorld.Run(Module.Compile(CacheWorld.Sample(i % Modules), new CompileOptions { Cache = Open() })));
    }

    static CodeCache Open()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder)
        {
            Assert.Skip("A part of another test.");
            return null!;
        }

        return new CodeCache(folder, new CodeCacheOptions { OnProblem = problem => Assert.Fail(problem) });
    }

    static Task RunAsync(CacheWorld world, string test, int hits, string? without = null)
    {
        var environment = new Dictionary<string, string> { [FolderVariable] = world.Folder, [HitsVariable] = $"{hits}" };
        if (without is not null && RuntimeInformation.ProcessArchitecture == Architecture.X64) environment[$"DOTNET_{without}"] = "0";
        return OwnProcess.RunExplicitAsync(typeof(CacheProcessTests), test, environment);
    }
}
